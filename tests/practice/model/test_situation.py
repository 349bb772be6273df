"""One request, read once: several goals at once or one after the other, conditions, and earlier turns."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import (
    COURSE,
    EMAIL,
    NUMBER,
    OTHERWISE_HAIKU,
    SUMS,
    TIME,
    TRANSLATORS,
    WEATHER,
    Row,
    called,
    said,
    says,
    silent,
    tool,
    user,
)

ORDERS = [
    tool("lookup_order", "Look up an order", order_id=""),
    tool("refund_order", "Refund an order.", order_id=""),
]
IF_LATE = "Refund order 55 if it was delivered late"
SUM = "Add 17 and 25, multiply the result by 3 and subtract 6"
ASKED_CITY = [user("What's the weather?"), said("To use get_weather I need: city. Please tell me.")]
HALF = "weather in Rome and who won the election?"

ROWS = [
    Row(
        "two states at once",
        "Are there alerts in California and New York?",
        [("get_weather_alerts", {"state": "CA"}), ("get_weather_alerts", {"state": "NY"})],
        COURSE,
    ),
    Row(
        "two states, one at a time",
        "Are there alerts in California and New York?",
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
        options={"parallel_tool_calls": False},
    ),
    Row(
        "two states, the second",
        [
            user("Are there alerts in California and New York?"),
            *called("get_weather_alerts", {"state": "CA"}, "none"),
        ],
        [("get_weather_alerts", {"state": "NY"})],
        COURSE,
        options={"parallel_tool_calls": False},
    ),
    Row(
        "two tools at once",
        "weather in Paris and the time in Tokyo",
        [("get_weather", {"city": "Paris"}), ("get_time", {"city": "Tokyo"})],
        [WEATHER, TIME],
    ),
    Row(
        "three cities",
        "Compare the weather in Paris, London and Rome",
        [("get_weather", {"city": c}) for c in ("Paris", "London", "Rome")],
        [WEATHER, TIME],
    ),
    Row(
        "one place for two tools",
        "What is the weather and temperature in Oakland?",
        [("get_weather", {"city": "Oakland"}), ("get_temperature", {"city": "Oakland"})],
        [WEATHER, tool("get_temperature", "Get the temperature for a city.", city="")],
    ),
    Row(
        "translate to two",
        "Translate 'Hello, how are you?' to Spanish and French.",
        [
            ("translate_to_spanish", {"input": "Hello, how are you?"}),
            ("translate_to_french", {"input": "Hello, how are you?"}),
        ],
        TRANSLATORS,
    ),
    Row(
        "one after the other",
        "Get the weather in Paris and email it to bob@example.com",
        [("get_weather", {"city": "Paris"})],
        [WEATHER, EMAIL],
    ),
    Row(
        "one after the other: no text is made of what came back",
        [
            user("Get the weather in Paris and email it to bob@example.com"),
            *called("get_weather", {"city": "Paris"}, "It is sunny in Paris."),
        ],
        says("sunny in Paris", "To use send_email I need: body"),
        [WEATHER, EMAIL],
    ),
    Row(
        "two bookings",
        "Withdraw 30 from account A1 and deposit 30 into account B2",
        [("withdraw", {"account": "A1", "amount": 30}), ("deposit", {"account": "B2", "amount": 30})],
        [
            tool("withdraw", "Withdraw money", account="", amount=NUMBER),
            tool("deposit", "Deposit money", account="", amount=NUMBER),
        ],
    ),
    Row("a sum, step 1", SUM, [("add", {"a": 17, "b": 25})], SUMS),
    Row(
        "a result is not taken for two operands",
        [user(SUM), *called("add", {"a": 17, "b": 25}, "42")],
        says("42", "To use multiply I need"),
        SUMS,
    ),
    Row(
        "on a condition: not done, and said",
        IF_LATE,
        says("did not call refund_order", "delivered late"),
        ORDERS,
    ),
    Row("no if", "I don't like it. Refund order 55", [("refund_order", {"order_id": "55"})], ORDERS),
    Row(
        "half a question is named",
        [user(HALF), *called("get_weather", {"city": "Rome"}, "Sunny in Rome.")],
        says("Sunny in Rome", "who won the election"),
        [WEATHER],
    ),
    Row(
        "half failed",
        [
            user("weather in Paris and Tokyo"),
            *called("get_weather", {"city": "Paris"}, "Sunny in Paris.", "a"),
            *called("get_weather", {"city": "Tokyo"}, "Error: unknown city", "b"),
        ],
        says("Sunny in Paris"),
        [WEATHER],
    ),
    Row(
        "an answered call is not repeated",
        [user("What's the weather in Tokyo?"), *called("get_weather", {"city": "Tokyo"}, "Rain.")],
        says("Rain"),
        [WEATHER],
    ),
    Row(
        "the next turn may call again",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, "Rain."),
            said("Rain."),
            user("What's the weather in Tokyo?"),
        ],
        [("get_weather", {"city": "Tokyo"})],
        [WEATHER],
    ),
    Row(
        "a follow-up",
        [
            user("Are there alerts in California?"),
            *called("get_weather_alerts", {"state": "CA"}, "none"),
            said("None."),
            user("and in Texas?"),
        ],
        [("get_weather_alerts", {"state": "TX"})],
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "a follow-up with another phrase",
        [
            user("weather in Paris"),
            *called("get_weather", {"city": "Paris"}, "Sun"),
            said("Sun"),
            user("How about Rome?"),
        ],
        [("get_weather", {"city": "Rome"})],
        [WEATHER],
    ),
    Row(
        "there",
        [
            user("weather in Paris"),
            *called("get_weather", {"city": "Paris"}, "Sun"),
            said("Sun"),
            user("And what time is it there?"),
        ],
        [("get_time", {"city": "Paris"})],
        [WEATHER, TIME],
    ),
    Row("a question is no answer", [*ASKED_CITY, user("Why do you need that?")], silent, [WEATHER]),
    Row("a question mark is no answer", [*ASKED_CITY, user("Can you guess?")], silent, [WEATHER]),
    Row("an answer", [*ASKED_CITY, user("Rome")], [("get_weather", {"city": "Rome"})], [WEATHER]),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
