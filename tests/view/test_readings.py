"""A view waits until the gateway has noted the last call."""

from __future__ import annotations

from types import SimpleNamespace

from tests.view.model_calls import (
    THE_RUN,
    ToldGateway,
)
from workshop import view as show
from workshop.lab.gateway_client import Span, Trace
from workshop.view.readings import settled_traces


def test_a_view_waits_until_the_gateway_has_noted_the_last_call(gateway: ToldGateway) -> None:
    assert show.meter().text().startswith("Model calls completed: 1 ")
    assert show.transcript().text() == THE_RUN
    assert show.trace().text() == "Trace: only"


def test_a_trace_is_shown_when_it_has_come() -> None:
    root, child = Span(span_id="a", type="agent"), Span(span_id="b", type="turn", parent_id="a")
    part, all_of_it = Trace(trace_id="t", spans=[child]), Trace(trace_id="t", spans=[root])
    coming = iter([[], [part], [part], [all_of_it]])
    asked = SimpleNamespace(traces=lambda: next(coming))
    assert settled_traces(asked) == []  # type: ignore[arg-type]
    assert settled_traces(asked) == [all_of_it]  # type: ignore[arg-type]
    never = SimpleNamespace(traces=lambda: [part])
    assert settled_traces(never) == [part]  # type: ignore[arg-type]
