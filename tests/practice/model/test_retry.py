"""What an error says would be right: one more try, and no more."""

from __future__ import annotations

import pytest

from tests.practice.model.rows import Row, called, says, tool, user

ROWS = [
    Row(
        "an error that says what is right",
        [
            user("alerts in California?"),
            *called(
                "get_weather_alerts",
                {"state": "California"},
                "Error: use the two-letter state code, such as NY",
            ),
        ],
        [("get_weather_alerts", {"state": "CA"})],
        [tool("get_weather_alerts", "Alerts", state="")],
    ),
    Row(
        "an error that lists the choices",
        [
            user("set mode to fast please"),
            *called("set_mode", {"mode": "fast"}, "Error: mode must be one of: slow, rapid, fastest"),
        ],
        says("failed"),
        [tool("set_mode", "Set the mode", mode="")],
    ),
    Row(
        "a second failure is final",
        [
            user("alerts in California?"),
            *called(
                "get_weather_alerts", {"state": "California"}, "Error: use the two-letter state code", "a"
            ),
            *called("get_weather_alerts", {"state": "CA"}, "Error: service down", "b"),
        ],
        says("failed", "service down"),
        [tool("get_weather_alerts", "Alerts", state="")],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
