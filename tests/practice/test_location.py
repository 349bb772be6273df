"""The practice world: the services' own formats, several states, and nothing that changes from run to run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.gateway.gateway_servers import RunningGateway, running

from workshop.practice.alerts import AREAS, MADE_UP
from workshop.practice.weather import CALLER

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


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found


def alerts(gateway: RunningGateway, area: str) -> list[dict[str, Any]]:
    reply = gateway.get(f"/s/w/weather/alerts/active/area/{area}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/geo+json"
    assert reply.headers["x-workshop-world"] == "practice (made up)"
    body = reply.json()
    assert body["type"] == "FeatureCollection"
    assert AREAS[area] in body["title"]
    return [feature["properties"] for feature in body["features"]]


def test_the_story_s_states(gateway: RunningGateway) -> None:
    california = [alert["event"] for alert in alerts(gateway, "CA")]
    assert len(california) >= 4
    assert {
        "Dense Fog Advisory",
        "High Wind Warning",
        "High Surf Advisory",
        "Beach Hazards Statement",
    } <= set(california)
    assert alerts(gateway, "NY") == []
    assert 2 <= len(alerts(gateway, "TX")) <= 5
    assert 2 <= len(alerts(gateway, "FL")) <= 5
    assert len(alerts(gateway, "MN")) >= 60
    here = gateway.get(f"/s/w/geo/json/{CALLER}").json()["region"]
    assert here not in ("CA", "NY")
    assert 1 <= len(alerts(gateway, here)) <= 2


@pytest.mark.parametrize("area", ["CA", "CO", "TX", "FL", "WA", "HI", "MN"])
def test_every_alert_is_complete_and_marked_as_made_up(gateway: RunningGateway, area: str) -> None:
    found = alerts(gateway, area)
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


def test_every_other_area_is_a_valid_empty_collection(gateway: RunningGateway) -> None:
    assert len(AREAS) == 74
    for area in ("OR", "DC", "PR", "GM"):
        assert alerts(gateway, area) == []


def test_nothing_changes_from_call_to_call(gateway: RunningGateway) -> None:
    for path in (
        "/weather/alerts/active/area/CA",
        "/ip/",
        f"/geo/json/{CALLER}",
        "/weather/alerts/active?area=XX",
    ):
        assert gateway.get(f"/s/a{path}").content == gateway.get(f"/s/b{path}").content


def test_alerts_by_query(gateway: RunningGateway) -> None:
    by_path = gateway.get("/s/w/weather/alerts/active/area/CA").json()["features"]
    assert gateway.get("/s/w/weather/alerts/active?area=CA").json()["features"] == by_path
    both = gateway.get("/s/w/weather/alerts/active?area=CA,TX").json()["features"]
    assert len(both) == len(by_path) + 3
    assert len(gateway.get("/s/w/weather/alerts/active").json()["features"]) > 70


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
def test_a_wrong_question_is_a_problem_document(
    gateway: RunningGateway, path: str, status: int, parameter: str | None
) -> None:
    reply = gateway.get(f"/s/w/weather{path}")
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert body["status"] == status
    assert body["type"].startswith("https://api.weather.gov/problems/")
    if parameter is not None:
        assert body["parameterErrors"][0]["parameter"] == parameter


def test_the_weather_service_wants_to_know_who_asks(gateway: RunningGateway) -> None:
    assert gateway.get("/s/w/weather/alerts/active/area/CA", **{"user-agent": ""}).status_code == 403


def test_the_callers_address(gateway: RunningGateway) -> None:
    for path in ("/s/w/ip/", "/s/w/ip", "/ip/"):
        reply = gateway.get(path)
        assert reply.text == f"{CALLER}\n"
        assert reply.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        (CALLER, "CO"),
        ("198.51.100.23", "CA"),
        ("198.51.100.77", "NY"),
        ("192.0.2.10", "TX"),
        ("203.0.113.200", "BE"),
        ("8.8.8.8", "VA"),
    ],
)
def test_where_an_address_is(gateway: RunningGateway, address: str, region: str) -> None:
    body = gateway.get(f"/s/w/geo/json/{address}").json()
    assert list(body) == [
        "status",
        "country",
        "countryCode",
        "region",
        "regionName",
        "city",
        "zip",
        "lat",
        "lon",
        "timezone",
        "isp",
        "org",
        "as",
        "query",
    ]
    assert (body["status"], body["region"], body["query"]) == ("success", region, address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nonsense", "invalid query"),
        ("256.1.1.1", "invalid query"),
        ("10.0.0.1", "private range"),
        ("192.168.1.1", "private range"),
        ("127.0.0.1", "reserved range"),
        ("::1", "reserved range"),
        ("224.0.0.1", "reserved range"),
        ("9.9.9.9", "unknown address: the practice world only knows"),
        ("203.0.113.250", "unknown address: the practice world only knows"),
    ],
)
def test_where_an_address_is_not(gateway: RunningGateway, address: str, message: str) -> None:
    reply = gateway.get(f"/s/w/geo/json/{address}")
    assert reply.status_code == 200
    body = reply.json()
    assert (body["status"], body["query"]) == ("fail", address)
    assert body["message"].startswith(message)


def test_geolocation_without_an_address_and_with_fields(gateway: RunningGateway) -> None:
    assert gateway.get("/s/w/geo/json/").json()["query"] == CALLER
    assert gateway.get(f"/s/w/geo/json/{CALLER}?fields=status,city").json() == {
        "status": "success",
        "city": "Denver",
    }
    assert gateway.get("/s/w/geo/xml/8.8.8.8").status_code == 404
