"""What tools returned, in whatever spelling: the argument that the next call needs."""

from __future__ import annotations

import json

import pytest

from tests.practice.model.rows import (
    COURSE,
    NUMBER,
    OTHERWISE_HAIKU,
    PLACE,
    PLACE_JSON,
    STRING,
    WEATHER,
    WHERE,
    Row,
    called,
    out,
    schema,
    tool,
    user,
)

ROWS = [
    Row(
        "where I am, step 3, plain text",
        [
            user(WHERE),
            *PLACE,
            *called(
                "get_location_info", {"ipaddress": "203.0.113.7"}, "San Francisco, California, United States"
            ),
        ],
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "where I am, step 3, JSON",
        [user(WHERE), *PLACE, *called("get_location_info", {"ipaddress": "203.0.113.7"}, PLACE_JSON)],
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "where I am, step 3, a Python repr",
        [
            user(WHERE),
            *PLACE,
            *called("get_location_info", {"ipaddress": "203.0.113.7"}, str(json.loads(PLACE_JSON))),
        ],
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "a chain by name, step 2",
        [
            user("What is the balance of customer bob@example.com?"),
            *called(
                "find_customer_by_email",
                {"email": "bob@example.com"},
                '{"customer_id": "c-7", "name": "Bob"}',
            ),
        ],
        [("get_balance", {"customer_id": "c-7"})],
        [
            tool("get_balance", "Get the account balance of a customer", customer_id=""),
            tool("find_customer_by_email", "Find a customer by e-mail; returns the customer id", email=""),
        ],
    ),
    Row(
        "coordinates passed on",
        [
            user("What is the forecast for Oslo?"),
            *called("geocode", {"place": "Oslo"}, '{"lat": 59.9, "lon": 10.7}'),
        ],
        [("get_forecast", {"latitude": 59.9, "longitude": 10.7})],
        [
            tool("get_forecast", "Weather forecast for coordinates", latitude=NUMBER, longitude=NUMBER),
            tool("geocode", "Coordinates of a place: latitude and longitude", place=""),
        ],
    ),
    Row(
        "from a Pydantic repr",
        [
            user("What's the weather in Tokyo?"),
            *called(
                "get_weather",
                {"city": "Tokyo"},
                "city='Tokyo' temperature_range='14-20C' conditions='Sunny with wind.'",
            ),
        ],
        out(city="Tokyo", conditions="Sunny with wind."),
        [WEATHER],
        options={"text_format": schema(city=STRING, conditions=STRING, temperature_range=STRING)},
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
