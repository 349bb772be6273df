"""``show.meter``: what was called, and what was paid twice."""

from __future__ import annotations

from tests.view.model_calls import meter
from workshop.lab.gateway_client import ModelCounts
from workshop.view import meters


def test_a_meter_says_what_was_paid_twice() -> None:
    paid = {
        "route": "model",
        "status": "completed",
        "http_status": 200,
        "input_tokens": 1200,
        "output_tokens": 8,
    }
    view = meters.meter_view(
        meter(
            {"n": 1, **paid, "summary": "asks for f()"},
            {"n": 2, "route": "ip", "status": "completed", "http_status": 200},
            {"n": 3, **paid, "repeats": 1, "summary": "asks for f()"},
            {"n": 4, "route": "model", "status": "failed", "http_status": 429, "fault": "rate_limit"},
            {"n": 5, "route": "model", "status": "in_flight"},
            arrived=4,
            completed=2,
            failed=1,
            in_flight=1,
            repeats=1,
            input_tokens=2400,
            output_tokens=16,
        )
    )
    assert view.text() == (
        "Model calls completed: 2 (1 repeat, paid twice)\n"
        "Other model calls: 1 failed, 1 under way\n"
        "Tokens: 2,400 in, 16 out (estimated)\n"
        "Calls to services: IP address 2\n"
        "\n"
        "Calls in the order in which they arrived:\n"
        "call  to                  outcome       tokens in  tokens out  in short      remark\n"
        "   1  model               completed         1,200           8  asks for f()\n"
        "      IP address service  completed\n"
        "   2  model               completed         1,200           8  asks for f()  "
        "repeats call 1: paid twice\n"
        "   3  model               failed (429)                                       fault: rate limit\n"
        "   4  model               under way"
    )
    assert "repeats call 1: paid twice" in view.html()
    assert "nb-123-abc" not in view.text() + view.html()


def test_calls_that_are_no_longer_listed_are_said_to_be_counted() -> None:
    late = meter({"n": 705, "route": "model", "status": "completed", "http_status": 200}, completed=705)
    assert "\nCounted, but no longer listed: 704 earlier calls\n" in meters.meter_view(late).text()


def test_the_other_provider_has_a_line_of_its_own() -> None:
    other = ModelCounts(arrived=3, completed=2, failed=1, input_tokens=1200, output_tokens=8)
    text = meters.meter_view(meter().model_copy(update={"other": other})).text()
    assert "\nThe other provider: 2 completed, 1 failed; tokens: 1,200 in, 8 out\n" in text


def test_an_empty_meter_is_four_short_facts() -> None:
    empty = meter().model_copy(update={"services": {}, "estimated": False})
    assert meters.meter_view(empty).text() == (
        "Model calls completed: 0 (no repeats)\nTokens: 0 in, 0 out\nCalls to services: none"
    )
