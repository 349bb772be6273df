"""What a text offers: states, cities, dates, currencies, addresses and numbers in the words of a question."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import (
    COURSE,
    EMAIL,
    INTEGER,
    NUMBER,
    OTHERWISE_HAIKU,
    WEATHER,
    Row,
    says,
    tool,
)

ROWS = [
    Row(
        "alerts by state name",
        "Are there any weather alerts in California?",
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "alerts by state code",
        "any alerts for NY?",
        [("get_weather_alerts", {"state": "NY"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "alerts by a lower-case name",
        "are there storms in new mexico right now",
        [("get_weather_alerts", {"state": "NM"})],
        COURSE,
    ),
    Row(
        "no US state, no guess",
        "Are there any weather alerts in Canada?",
        says("state", rule="missing_argument"),
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row("one city", "What's the weather in Tokyo?", [("get_weather", {"city": "Tokyo"})], [WEATHER]),
    Row(
        "a lower-case city",
        "whats the weather like in lisbon",
        [("get_weather", {"city": "Lisbon"})],
        [WEATHER],
    ),
    Row(
        "an unknown city",
        "What's the weather in Kleinwallstadt today?",
        [("get_weather", {"city": "Kleinwallstadt"})],
        [WEATHER],
    ),
    Row(
        "currencies",
        "Convert 100 USD to EUR",
        [("convert_currency", {"amount": 100, "from_currency": "USD", "to_currency": "EUR"})],
        [
            tool(
                "convert_currency",
                "Convert an amount between currencies",
                amount=NUMBER,
                from_currency="",
                to_currency="",
            )
        ],
    ),
    Row(
        "currencies in words",
        "How much is 50 euros in dollars?",
        [("convert_currency", {"amount": 50, "from_currency": "EUR", "to_currency": "USD"})],
        [
            tool(
                "convert_currency",
                "Convert an amount between currencies",
                amount=NUMBER,
                from_currency="",
                to_currency="",
            )
        ],
    ),
    Row(
        "an e-mail",
        "Send an email to john@example.com with subject 'Hi' saying the meeting is at noon",
        [("send_email", {"to": "john@example.com", "subject": "Hi", "body": "the meeting is at noon"})],
        [EMAIL, WEATHER],
    ),
    Row(
        "a date and a city",
        "Find hotels in Lisbon from 2026-05-01 to 2026-05-04 for 2 guests",
        [
            (
                "search_hotels",
                {"city": "Lisbon", "check_in": "2026-05-01", "check_out": "2026-05-04", "guests": 2},
            )
        ],
        [
            tool(
                "search_hotels",
                "Search hotels",
                city="",
                check_in={"type": "string", "format": "date"},
                check_out={"type": "string", "format": "date"},
                guests=INTEGER,
            )
        ],
    ),
    Row(
        "a URL",
        "Please fetch https://example.com/a?b=1",
        [("fetch_page", {"url": "https://example.com/a?b=1"})],
        [tool("fetch_page", "Fetch a web page and return its text", url="")],
    ),
    Row(
        "an order number",
        "Where is my order 4711?",
        [("lookup_order", {"order_id": "4711"})],
        [
            tool("lookup_order", "Look up the status of an order", order_id=""),
            tool("cancel_order", "Cancel an order", order_id=""),
        ],
    ),
    Row(
        "where an address is", "Where is 8.8.8.8?", [("get_location_info", {"ipaddress": "8.8.8.8"})], COURSE
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
