"""The alerts of a state."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.stand_in import StandIn
from workshop.tools import get_ip_address, get_location_info, get_weather_alerts


def alert(event: str = "Flood Watch", severity: str | None = "Moderate", **more: Any) -> dict[str, Any]:
    return {
        "properties": {"event": event, "severity": severity, "areaDesc": "Here", "headline": "Soon", **more}
    }


def alerts(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


async def test_alerts_are_counted_and_listed_most_severe_first(stand_in: StandIn) -> None:
    stand_in.says(alerts(alert(), alert("Tornado Warning", "Extreme", areaDesc="Kern, CA")))
    assert await get_weather_alerts("CA") == (
        "2 active weather alerts in CA (California):\n"
        "1. Tornado Warning (Extreme): Kern, CA\n"
        "2. Flood Watch (Moderate): Here"
    )
    request = stand_in.requests[0]
    assert request.url.path == "/weather/alerts/active/area/CA"
    assert request.headers["accept"] == "application/geo+json"
    assert "durable-agents-workshop" in request.headers["user-agent"]
    assert "contact" in request.headers["user-agent"]


async def test_no_alerts_and_one_alert_read_well(stand_in: StandIn) -> None:
    stand_in.says(alerts())
    assert await get_weather_alerts("VT") == "No active weather alerts in VT (Vermont)."
    stand_in.says(alerts(alert(severity=None, areaDesc=None)))
    assert await get_weather_alerts("VT") == (
        "1 active weather alert in VT (Vermont):\n1. Flood Watch (Unknown): VT (Vermont)"
    )


async def test_a_long_list_is_cut_and_says_so(stand_in: StandIn) -> None:
    stand_in.says(alerts(*[alert(areaDesc="x" * 500) for _ in range(37)]))
    text = await get_weather_alerts("TX")
    assert text.startswith("37 active weather alerts in TX")
    assert text.endswith("... and 27 more, none more severe than these.")
    assert max(map(len, text.splitlines())) < 250


async def test_only_real_alerts_are_told(stand_in: StandIn) -> None:
    stand_in.says(
        alerts(
            alert("Tsunami Warning", "Extreme", status="Test"),
            alert("Fire Warning", "Severe", status="Exercise"),
            alert("Wind Advisory", status="Actual", messageType="Cancel"),
            alert("Flood Watch", status="Actual", messageType="Update"),
        )
    )
    assert await get_weather_alerts("HI") == (
        "1 active weather alert in HI (Hawaii):\n1. Flood Watch (Moderate): Here"
    )


async def test_the_practice_world_s_exercises_are_its_alerts(stand_in: StandIn) -> None:
    stand_in.says(alerts(alert(status="Exercise")), x_workshop_world="practice (made up)")
    assert "1 active weather alert" in await get_weather_alerts("HI")


async def test_one_odd_alert_does_not_hide_the_others(stand_in: StandIn) -> None:
    stand_in.says(
        alerts({"properties": {"severity": "Minor"}}, alert("Flood\nWatch", areaDesc="Here\nand there"))
    )
    assert await get_weather_alerts("CA") == (
        "2 active weather alerts in CA (California):\n"
        "1. Flood Watch (Moderate): Here and there\n"
        "2. Alert of a kind that is not said (Minor): CA (California)"
    )


@pytest.mark.parametrize("state", ["ca", " CA ", "Ca"])
async def test_case_and_spaces_do_not_matter(stand_in: StandIn, state: str) -> None:
    stand_in.says(alerts())
    assert "CA (California)" in await get_weather_alerts(state)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("California", 'call again with "CA"'),
        ("new  york", 'call again with "NY"'),
        ("Masachusetts", 'call again with "MA"'),
        ("Virginia", 'call again with "VA"'),
        ("ZZ", "such as"),
        ("", "two-letter code"),
        ("../../secret", "not a code"),
        ("Bavaria", "not a code"),
    ],
)
async def test_a_wrong_state_is_told_what_would_be_right(state: str, says: str) -> None:
    with pytest.raises(ValueError, match="two-letter code") as caught:
        await get_weather_alerts(state)
    assert says in str(caught.value)


def test_the_agents_sdk_makes_tools_of_them() -> None:
    from agents import function_tool

    tools = {
        tool.name: tool
        for tool in map(function_tool, (get_weather_alerts, get_ip_address, get_location_info))
    }
    weather = tools["get_weather_alerts"]
    assert "active weather alerts" in weather.description
    assert weather.params_json_schema["properties"]["state"]["description"].startswith("Two-letter code")
    assert tools["get_ip_address"].params_json_schema["properties"] == {}
    assert tools["get_location_info"].params_json_schema["required"] == ["ipaddress"]
