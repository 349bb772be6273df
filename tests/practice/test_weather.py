"""The weather service: the National Weather Service's format, several states, and nothing that is real."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from workshop.practice import location, weather
from workshop.practice.alerts import AREAS, MADE_UP
from workshop.practice.answer import Answer
from workshop.practice.location import CALLER

# What clients of api.weather.gov read from an alert.
PROPERTIES = {
    "@id",
    "@type",
    "id",
    "areaDesc",
    "geocode",
    "affectedZones",
    "references",
    "sent",
    "effective",
    "onset",
    "expires",
    "ends",
    "status",
    "messageType",
    "category",
    "severity",
    "certainty",
    "urgency",
    "event",
    "sender",
    "senderName",
    "headline",
    "description",
    "instruction",
    "response",
    "parameters",
}


def ask(address: str, user_agent: str | None = "test") -> Answer:
    path, _, query = address.partition("?")
    return weather.answer(path, dict(parse_qsl(query, keep_blank_values=True)), user_agent)


def features(address: str) -> list[dict[str, Any]]:
    return list(json.loads(ask(address).body)["features"])


def alerts(area: str) -> list[dict[str, Any]]:
    reply = ask(f"/alerts/active/area/{area}")
    assert (reply.status, reply.content_type) == (200, "application/geo+json")
    body = json.loads(reply.body)
    assert body["type"] == "FeatureCollection"
    assert AREAS[area] in body["title"]
    return [feature["properties"] for feature in body["features"]]


def test_the_story_s_states() -> None:
    california = [alert["event"] for alert in alerts("CA")]
    assert len(california) >= 4
    assert {
        "Dense Fog Advisory",
        "High Wind Warning",
        "High Surf Advisory",
        "Beach Hazards Statement",
    } <= set(california)
    assert alerts("NY") == []
    assert 2 <= len(alerts("TX")) <= 5
    assert 2 <= len(alerts("FL")) <= 5
    assert len(alerts("MN")) >= 60
    here = json.loads(location.geolocation(f"/json/{CALLER}", {}).body)["region"]
    assert here not in ("CA", "NY")
    assert 1 <= len(alerts(here)) <= 2


@pytest.mark.parametrize("area", ["CA", "CO", "TX", "FL", "WA", "HI", "MN"])
def test_every_alert_is_complete_and_marked_as_made_up(area: str) -> None:
    found = alerts(area)
    assert len({alert["id"] for alert in found}) == len(found)
    for alert in found:
        assert set(alert) >= PROPERTIES
        assert alert["status"] == "Exercise"
        assert MADE_UP in alert["description"]
        assert alert["headline"].startswith(alert["event"])
        assert alert["severity"] in ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
        assert alert["certainty"] in ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
        assert alert["urgency"] in ("Immediate", "Expected", "Future", "Past", "Unknown")
        sent, onset, expires = (datetime.fromisoformat(alert[key]) for key in ("sent", "onset", "expires"))
        assert sent <= onset < expires
        assert all(code.startswith(area) for code in alert["geocode"]["UGC"])


def test_every_other_area_is_a_valid_empty_collection() -> None:
    assert len(AREAS) == 74
    for area in ("OR", "DC", "PR", "GM"):
        assert alerts(area) == []


def test_alerts_by_query() -> None:
    by_path = features("/alerts/active/area/CA")
    assert features("/alerts/active?area=CA") == by_path
    assert len(features("/alerts/active?area=CA,TX")) == len(by_path) + 3
    assert len(features("/alerts/active")) > 70


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/alerts/active/area/XX", 400, "path.area"),
        ("/alerts/active/area/ca", 400, "path.area"),
        ("/alerts/active/area/California", 400, "path.area"),
        ("/alerts/active?area=", 400, "query.area"),
        ("/alerts/active?area=CA,XX", 400, "query.area"),
        ("/alerts/active?zone=CAZ006", 400, "query.zone"),
        ("/points/39.7,-104.9", 404, None),
        ("/alerts/active/area/", 400, "path.area"),
        ("/alerts/active/area/CA/more", 404, None),
    ],
)
def test_a_wrong_question_is_a_problem_document(path: str, status: int, parameter: str | None) -> None:
    reply = ask(path)
    assert (reply.status, reply.content_type) == (status, "application/problem+json")
    body = json.loads(reply.body)
    assert body["status"] == status
    assert body["type"].startswith("https://api.weather.gov/problems/")
    if parameter is not None:
        assert body["parameterErrors"][0]["parameter"] == parameter


@pytest.mark.parametrize("user_agent", [None, ""])
def test_it_wants_to_know_who_asks(user_agent: str | None) -> None:
    assert ask("/alerts/active/area/CA", user_agent).status == 403
