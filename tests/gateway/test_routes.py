"""The routes of the tools' services: each leads to its service, and says that all of it is made up."""

from __future__ import annotations

import json

import pytest

from tests.gateway.gateway_servers import RunningGateway
from workshop.practice import library, location, weather
from workshop.practice.answer import Answer
from workshop.practice.location import CALLER

REPLIES: list[tuple[str, Answer]] = [
    ("/weather/alerts/active/area/CA", weather.answer("/alerts/active/area/CA", {}, "test")),
    ("/weather/alerts/active?area=CA,XX", weather.answer("/alerts/active", {"area": "CA,XX"}, "test")),
    ("/ip", location.own_address()),
    ("/ip/", location.own_address()),
    (f"/geo/json/{CALLER}?fields=city", location.geolocation(f"/json/{CALLER}", {"fields": "city"})),
    ("/library/search?q=bees", library.answer("/search", {"q": "bees"})),
    ("/library/shelves", library.answer("/shelves", {})),
]


@pytest.mark.parametrize(("path", "answer"), REPLIES, ids=[path for path, _ in REPLIES])
def test_a_route_leads_to_its_service(gateway: RunningGateway, scope: str, path: str, answer: Answer) -> None:
    for reply in (gateway.get(f"/s/{scope}{path}"), gateway.get(path)):
        assert (reply.status_code, reply.content) == (answer.status, answer.body)
        assert reply.headers["content-type"].startswith(answer.content_type)
        assert reply.headers["x-workshop-world"] == "practice (made up)"


def test_a_caller_without_a_name_is_told_to_the_weather_service(gateway: RunningGateway, scope: str) -> None:
    path = f"/s/{scope}/weather/alerts/active/area/CA"
    assert gateway.get(path, **{"user-agent": ""}).status_code == 403


def test_what_is_the_courses_own_answers_in_live_mode_too(gateway: RunningGateway, scope: str) -> None:
    gateway.control(scope, "PUT", "mode", {"mode": "live"})
    assert gateway.get(f"/s/{scope}/library/search?q=bees").status_code == 200
    assert json.loads(gateway.get(f"/s/{scope}/bank/accounts").content) == {"accounts": {}}
