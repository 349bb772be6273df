"""``show.trace``: a tree in plain words."""

from __future__ import annotations

from typing import Any

from workshop.lab.gateway_client import Span, Trace
from workshop.view import traces


def span(kind: str, name: str = "", *children: Span, **data: Any) -> Span:
    error = data.pop("error", None)
    return Span(span_id="span_4f", type=kind, name=name, data=data, children=list(children), error=error)


def test_a_trace_is_a_tree_in_plain_words() -> None:
    usage = {"input_tokens": 1, "output_tokens": 7}
    trace = Trace(
        trace_id="trace_9a",
        name="Agent workflow",
        spans=[
            span(
                "agent",
                "Weather agent",
                span(
                    "turn",
                    "turn 1",
                    span("response", "resp_1", usage=usage, response_id="resp_1"),
                    span("function", "get_ip", input="{}", output="203.0.113.7"),
                ),
                span("guardrail", "short", triggered=True),
                span("handoff", "Triage to Weather"),
                span(
                    "function", "broken", error={"message": "Error running tool", "data": {"error": "boom"}}
                ),
            )
        ],
    )
    view = traces.trace_view([trace])
    assert view.text() == (
        "Trace: Agent workflow\n\n"
        "agent Weather agent\n"
        "  turn 1\n"
        "    model call: 1 token in, 7 out\n"
        "    tool get_ip\n"
        "      input: {}\n"
        "      output: 203.0.113.7\n"
        "  guardrail short: tripped\n"
        "  handoff Triage to Weather\n"
        "  tool broken\n"
        "    error: Error running tool: boom"
    )
    for secret in ("trace_9a", "span_4f", "resp_1"):
        assert secret not in view.text() + view.html()


def test_the_latest_trace_is_shown_unless_more_are_asked_for() -> None:
    two = [Trace(trace_id="a", name="first"), Trace(trace_id="b", name="second")]
    assert traces.trace_view(two).text() == "Trace: second"
    assert traces.trace_view(two, None).text() == "Trace: first\n\nTrace: second"
    assert traces.trace_view([]).text() == "No trace yet: run an agent first."
