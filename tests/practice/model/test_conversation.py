"""Conversations of every kind, well formed or not: none is a crash."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import COURSE, WEATHER, Row, called, is_haiku, says, silent, user

ROWS = [
    Row("nothing at all", [], lambda d: bool(d.text) and not d.calls),
    Row("an empty message", "", lambda d: bool(d.text) and not d.calls, COURSE),
    Row(
        "unknown items",
        [
            {"type": "reasoning", "summary": []},
            {"type": "mystery"},
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "alerts in Ohio?"},
                    {"type": "input_image", "image_url": "x"},
                ],
            },
        ],
        [("get_weather_alerts", {"state": "OH"})],
        COURSE,
    ),
    Row(
        "a developer message",
        [{"role": "developer", "content": "Respond only in haiku."}, user("Tell me about the sea")],
        is_haiku,
    ),
    Row(
        "an output in parts",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, [{"type": "input_text", "text": "Rain all day."}]),
        ],
        says("Rain all day"),
        [WEATHER],
    ),
    Row(
        "an output without its call",
        [user("hello"), {"type": "function_call_output", "call_id": "zzz", "output": "42"}],
        silent,
    ),
    Row(
        "a call without its output",
        [user("What's the weather in Tokyo?"), *called("get_weather", {"city": "Tokyo"})],
        silent,
        [WEATHER],
    ),
    Row(
        "unicode",
        "🌪️ ¿Hay alertas? 天気 in California weather alerts ☔",
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
    ),
    Row(
        "a very long text",
        "Are there any weather alerts in California? " + "Lorem ipsum dolor sit amet. " * 20_000,
        [("get_weather_alerts", {"state": "CA"})],
        COURSE,
    ),
    Row(
        "broken arguments in the history",
        [
            user("alerts in Ohio"),
            {"type": "function_call", "call_id": "a", "name": "get_weather_alerts", "arguments": "{broken"},
            {"type": "function_call_output", "call_id": "a", "output": "Error: bad arguments"},
        ],
        [("get_weather_alerts", {"state": "OH"})],
        COURSE,
    ),
    Row("blanks", " " * 50_000, silent, COURSE),
    Row("lines", "\n" * 50_000, silent, COURSE),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
