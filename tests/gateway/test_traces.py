"""Traces: what the Agents SDK's exporter posts comes back as a tree."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.gateway_servers import RunningGateway
from workshop.gateway import traces
from workshop.gateway.byte_budget import ByteBudget


def span(key: str, parent: str | None, start: int, **data: Any) -> dict[str, Any]:
    return {
        "object": "trace.span",
        "id": key,
        "trace_id": "trace_1",
        "parent_id": parent,
        "started_at": f"2026-01-01T00:00:{start:02d}+00:00",
        "ended_at": f"2026-01-01T00:00:{start + 1:02d}+00:00",
        "span_data": data,
        "error": None,
    }


def names(spans: list[Any]) -> list[Any]:
    return [(each["name"], names(each["children"])) if each["children"] else each["name"] for each in spans]


def test_the_exporters_own_post_becomes_a_tree(gateway: RunningGateway, scope: str) -> None:
    from agents import custom_span, function_span, set_tracing_disabled, trace
    from agents.tracing import set_trace_processors
    from agents.tracing.processors import BackendSpanExporter, BatchTraceProcessor

    set_tracing_disabled(False)
    exporter = BackendSpanExporter(api_key="anything", endpoint=f"{gateway.base(scope)}/traces/ingest")
    set_trace_processors([processor := BatchTraceProcessor(exporter)])
    with trace("Story", metadata={"a": "b"}):
        with custom_span("outer", {"k": 1}):
            with function_span("first", input="{}", output="x"):
                pass
            with function_span("second") as failing:
                failing.set_error({"message": "no", "data": None})
        with custom_span("later"):
            pass
    processor.shutdown()
    set_trace_processors([])
    found = gateway.control(scope, "GET", "traces")["traces"]
    assert [each["name"] for each in found] == ["Story"]
    assert names(found[0]["spans"]) == [("outer", ["first", "second"]), "later"]
    outer = found[0]["spans"][0]
    assert (outer["type"], outer["data"]) == ("custom", {"data": {"k": 1}})
    assert outer["children"][0]["type"] == "function"
    assert outer["children"][0]["data"] == {"input": "{}", "output": "x", "mcp_data": None}
    assert outer["children"][1]["error"] == {"message": "no", "data": None}
    assert gateway.control(scope, "DELETE", "traces") == {"traces": []}


def test_spans_are_ordered_by_start_whenever_they_arrive() -> None:
    found = traces.Traces(ByteBudget(10_000_000))
    found.ingest(
        {"data": [span("b", "a", 5, type="function", name="B"), span("c", "a", 3, type="function", name="C")]}
    )
    # The parent ends last, so it comes last.
    assert names(found.tree()["traces"][0]["spans"]) == ["C", "B"]
    found.ingest(
        {
            "data": [
                span("a", None, 1, type="agent", name="A"),
                {"object": "trace", "id": "trace_1", "workflow_name": "W"},
            ]
        }
    )
    tree = found.tree()["traces"][0]
    assert (tree["name"], names(tree["spans"])) == ("W", [("A", ["C", "B"])])


def test_names_of_the_sdks_kinds() -> None:
    found = traces.Traces(ByteBudget(10_000_000))
    turn = {"sdk_span_type": "turn", "turn": 2, "agent_name": "A"}
    found.ingest(
        {
            "data": [
                span("1", None, 1, type="custom", name="turn", data=turn),
                span("2", None, 2, type="handoff", from_agent="A", to_agent="B"),
                span("3", None, 3, type="response", response_id="r", usage={}),
                span("4", None, 4, type="generation", model="m"),
                span("5", None, 5),
            ]
        }
    )
    told = found.tree()["traces"][0]["spans"]
    assert [(each["type"], each["name"]) for each in told] == [
        ("turn", "turn 2"),
        ("handoff", "A to B"),
        ("response", "response"),
        ("generation", "m"),
        ("span", "span"),
    ]


def test_an_export_that_is_none_keeps_nothing(gateway: RunningGateway, scope: str) -> None:
    good = {"object": "trace", "id": "trace_1", "workflow_name": "W"}
    for body in (
        {},
        {"data": {}},
        {"data": ["x"]},
        {"data": [good, {"object": "moon"}]},
        {"data": [{"object": "trace"}]},
        {"data": [good, {"object": "trace.span", "id": "a", "trace_id": "t", "parent_id": {}}]},
        {"data": [good, {"object": "trace.span", "id": "a", "trace_id": "t", "parent_id": 1}]},
        {"data": [good, {"object": "trace.span", "id": "a", "trace_id": "t", "started_at": []}]},
        {"data": [good, {"object": "trace.span", "id": "a", "trace_id": "t", "ended_at": 5}]},
        {"data": [good, {"object": "trace.span", "id": "a", "trace_id": ["t"]}]},
        {"data": [good, {"object": "trace.span", "id": None, "trace_id": "t"}]},
        {"data": [good, {"object": ["trace"], "id": "t"}]},
        {"data": [{**good, "workflow_name": {}}]},
        b'{"data": [{"object": "trace.span", "id": "a", "trace_id": "t", "span_data": {"x": '
        + b"[" * 300
        + b"]" * 300
        + b"}}]}",
        b"{",
    ):
        reply = gateway.post(scope, body, "traces/ingest")
        assert reply.status_code == 400
        assert set(reply.json()["error"]) == {"message", "type", "param", "code"}
    assert gateway.control(scope, "GET", "traces") == {"traces": []}
    assert gateway.post(scope, {"data": [good]}, "traces/ingest", authorization="").status_code == 401


def test_circles_and_long_chains_are_no_crash() -> None:
    found = traces.Traces(ByteBudget(10_000_000))
    chain = [span(str(n), str(n - 1) if n else None, 1, type="x") for n in range(3000)]
    found.ingest({"data": [span("me", "me", 1), span("p", "q", 1), span("q", "p", 1), *chain]})

    def count(spans: list[Any]) -> int:
        return sum(1 + count(each["children"]) for each in spans)

    assert count(found.tree()["traces"][0]["spans"]) == 3003


def test_the_oldest_traces_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "MOST_TRACES", 2)
    budget = ByteBudget(10_000)
    found = traces.Traces(budget)
    for number in range(4):
        key = f"trace_{number}"
        found.ingest({"data": [{"object": "trace", "id": key, "workflow_name": str(number)}]})
        found.ingest({"data": [{**span("a", None, 1, name="x" * 4000), "trace_id": key}]})
    assert [trace["name"] for trace in found.tree()["traces"]] == ["2", "3"]
    assert 0 < budget.total < 10_000
    found.ingest({"data": [{**span("b", None, 1, name="x" * 4000), "trace_id": "trace_3"}]})
    # Room for two spans only: the oldest is gone, its trace is still named.
    assert [len(trace["spans"]) for trace in found.tree()["traces"]] == [0, 2]
    found.clear()
    assert budget.total == 0
