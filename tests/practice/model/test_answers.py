"""Plain answers: what tools returned in few words, what failed, and what this model is."""

from __future__ import annotations

import json

import pytest

from tests.practice.model.rows import (
    ALERT_BLOCKS,
    COURSE,
    OTHERWISE_HAIKU,
    PLACE,
    PLACE_JSON,
    WEATHER,
    WHERE,
    Row,
    admits,
    called,
    says,
    silent,
    tool,
    user,
)
from workshop.practice.model import PlanRequest, plan

GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "title": "alerts",
        "features": [
            {
                "type": "Feature",
                "properties": {"event": f"Heat Advisory {n}", "areaDesc": "Fresno", "severity": "Moderate"},
            }
            for n in range(40)
        ],
    }
)

ROWS = [
    Row(
        "where I am, answered",
        [
            user(WHERE),
            *PLACE,
            *called("get_location_info", {"ipaddress": "203.0.113.7"}, PLACE_JSON),
            *called("get_weather_alerts", {"state": "CA"}, ALERT_BLOCKS),
        ],
        says("2 weather alerts", "Flood Watch", "High Wind Warning", rule="tool_results"),
        COURSE,
        OTHERWISE_HAIKU,
    ),
    Row(
        "many alerts are counted, not dumped",
        [user("alerts in California?"), *called("get_weather_alerts", {"state": "CA"}, GEOJSON)],
        lambda d: "40 weather alerts" in d.text and len(d.text) < 900,
        COURSE,
    ),
    Row(
        "no alerts",
        [
            user("alerts in California?"),
            *called(
                "get_weather_alerts",
                {"state": "CA"},
                json.dumps({"type": "FeatureCollection", "features": []}),
            ),
        ],
        says("no weather alerts", "California"),
        COURSE,
    ),
    Row(
        "the SDK's tool error is reported",
        [
            user("What's the weather in Tokyo?"),
            *called(
                "get_weather",
                {"city": "Tokyo"},
                "An error occurred while running the tool. Please try again. Error: no such station",
            ),
        ],
        says("get_weather", "failed", "no such station", rule="tool_failed"),
        [WEATHER],
    ),
    Row(
        "a JSON error is reported",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, '{"error": "quota exceeded"}'),
        ],
        says("failed", "quota exceeded"),
        [WEATHER],
    ),
    Row(
        "an unknown tool is reported",
        [
            user("What's the weather in Tokyo?"),
            *called("get_wether", {"city": "Tokyo"}, "Tool get_wether not found in agent Assistant"),
            *called("get_weather", {"city": "Tokyo"}, "Error: down", "x2"),
        ],
        says("failed"),
        [WEATHER],
    ),
    Row("a joke is beyond it", "Tell me a joke about penguins", admits),
    Row("knowledge is beyond it", "When did the Roman Empire fall?", admits, [WEATHER]),
    Row("thanks", "Thanks, that is all", silent, COURSE),
    Row(
        "a very long output",
        [
            user("What's the weather in Tokyo?"),
            *called("get_weather", {"city": "Tokyo"}, "very long " * 50_000),
        ],
        lambda d: len(d.text) < 1500,
        [WEATHER],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()


def test_a_field_that_ends_in_a_full_stop_ends_the_sentence() -> None:
    output = json.dumps({"city": "Tokyo", "conditions": "Sunny with wind."})
    items = [user("What's the weather in Tokyo?"), *called("get_weather", {"city": "Tokyo"}, output)]
    request = PlanRequest(items=items, tools=[tool("get_weather", city="")])
    assert plan(request).text.endswith("Sunny with wind.")
    assert ".." not in plan(request).text
