"""The practice world asked by name: each service answers, and refuses, in its own words."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest

from workshop.practice import library, location, weather, world
from workshop.practice.answer import Answer
from workshop.practice.world import Service


def test_each_name_leads_to_its_service() -> None:
    asked: list[tuple[Service, str, dict[str, str], Answer]] = [
        ("weather", "/alerts/active/area/CA", {}, weather.answer("/alerts/active/area/CA", {}, "test")),
        ("ip", "/", {}, location.own_address()),
        ("geo", "/json/8.8.8.8", {}, location.geolocation("/json/8.8.8.8", {})),
        ("library", "/search", {"q": "bees"}, library.answer("/search", {"q": "bees"})),
    ]
    for service, path, query, expected in asked:
        assert world.answer(service, path, query, "test") == expected


WEATHER = {
    "correlationId": "practice",
    "title": "Too Many Requests",
    "type": "https://api.weather.gov/problems/TooManyRequests",
    "status": 429,
    "detail": "Slow down.",
    "instance": "https://api.weather.gov/requests/practice",
}
BANK = {
    "type": "https://bank.example/problems/too_many_requests",
    "title": "Too many requests",
    "status": 429,
    "detail": "Slow down.",
    "code": "too_many_requests",
}


@pytest.mark.parametrize(
    ("service", "content_type", "document"),
    [
        ("weather", "application/problem+json", WEATHER),
        ("geo", "application/json; charset=utf-8", {"status": "fail", "message": "Slow down."}),
        ("bank", "application/problem+json", BANK),
        ("library", "application/problem+json", {**BANK, "type": BANK["type"].replace("bank", "library")}),
    ],
)
def test_a_refusal_is_in_the_words_of_the_service(
    service: Service | Literal["bank"], content_type: str, document: dict[str, Any]
) -> None:
    refusal = world.refusal(service, 429, "Slow down.")
    assert (refusal.status, refusal.content_type) == (429, content_type)
    assert json.loads(refusal.body) == document


def test_the_address_service_refuses_in_a_line_and_a_status_without_a_name_is_an_error() -> None:
    assert world.refusal("ip", 500, "No.") == Answer(500, "text/plain", b"No.\n")
    assert json.loads(world.refusal("bank", 599, "No.").body)["code"] == "error"
    assert json.loads(world.refusal("weather", 503, "No.").body)["title"] == "Unexpected Problem"
