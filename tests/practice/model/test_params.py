"""What a parameter asks for: its type, its choices, its default, what it holds."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import BOOLEAN, INTEGER, NUMBER, OPTIONAL, STRING, Row, says, tool

ROWS = [
    Row(
        "state spelled out where no code is asked for",
        "Are there any weather alerts in California?",
        [("get_weather_alerts", {"state": "California"})],
        [tool("get_weather_alerts", "Get weather alerts.", state="The state")],
    ),
    Row(
        "an integer id",
        "Show me ticket 815",
        [("get_ticket", {"ticket_id": 815})],
        [tool("get_ticket", "Fetch a support ticket", ticket_id=INTEGER)],
    ),
    Row(
        "an enum",
        "What's the weather in Oslo in fahrenheit?",
        [("get_weather", {"city": "Oslo", "unit": "fahrenheit"})],
        [
            tool(
                "get_weather",
                "Get weather",
                city="",
                unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
            )
        ],
    ),
    Row(
        "an enum that is not said is asked for",
        "What's the weather in Oslo?",
        says("unit", rule="missing_argument"),
        [
            tool(
                "get_weather",
                "Get weather",
                city="",
                unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
            )
        ],
    ),
    Row(
        "a nullable one is null",
        "What's the weather in Oslo?",
        [("get_weather", {"city": "Oslo", "date": None})],
        [tool("get_weather", "Get weather", city="", date=OPTIONAL)],
    ),
    Row(
        "a default",
        "Search products for red shoes",
        [("search_products", {"query": "red shoes", "limit": 5})],
        [
            tool(
                "search_products",
                "Search the product catalog by keyword.",
                query="",
                limit={**INTEGER, "default": 5},
            )
        ],
    ),
    Row(
        "a said limit beats the default",
        "Search products for red shoes, top 3",
        lambda d: d.calls[0].arguments["limit"] == 3,
        [tool("search_products", "Search the product catalog.", query="", limit={**INTEGER, "default": 5})],
    ),
    Row(
        "a switch on",
        "Turn on the kitchen light",
        [("set_light", {"room": "kitchen", "on": True})],
        [
            tool(
                "set_light",
                "Switch a light in a room",
                room={"type": "string", "enum": ["kitchen", "bedroom"]},
                on=BOOLEAN,
            )
        ],
    ),
    Row(
        "a switch off",
        "Turn off the bedroom light",
        [("set_light", {"room": "bedroom", "on": False})],
        [
            tool(
                "set_light",
                "Switch a light in a room",
                room={"type": "string", "enum": ["kitchen", "bedroom"]},
                on=BOOLEAN,
            )
        ],
    ),
    Row(
        "an array of numbers",
        "What is the average of 3, 5 and 10?",
        [("average", {"numbers": [3, 5, 10]})],
        [tool("average", "Average of numbers", numbers={"type": "array", "items": NUMBER})],
    ),
    Row(
        "a nested object",
        "Get the weather at location Oslo",
        says("location", rule="missing_argument"),
        [
            tool(
                "weather",
                "Weather at a location",
                location={
                    "type": "object",
                    "properties": {"city": STRING},
                    "required": ["city"],
                    "additionalProperties": False,
                },
            )
        ],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
