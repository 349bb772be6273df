"""Traces: takes what the Agents SDK exports and returns it as a tree.

The SDK posts ``{"data": [...]}`` with objects ``trace`` (when one starts) and ``trace.span`` (when one ends);
see ``agents.tracing.processors.BackendSpanExporter``.
"""

from __future__ import annotations

import json
from collections import OrderedDict

from workshop.gateway.byte_budget import ByteBudget, Holding
from workshop.gateway.errors import ApiError, bad_request
from workshop.practice.json_bodies import Json, dump

MOST_TRACES = 200
_DEEPEST = 60
# A span is told within others; Python's JSON gives up somewhere beyond this.
_DEEPEST_SPAN = 200

_NEEDED = {"trace": ("id",), "trace.span": ("id", "trace_id")}
_OPTIONAL = {"trace": ("workflow_name",), "trace.span": ("parent_id", "started_at", "ended_at")}


class _Trace:
    def __init__(self, key: str) -> None:
        self.key = key
        self.name = ""
        self.spans: dict[str, Holding] = {}  # each a span in JSON


class Traces:
    """The traces of one scope, in order of arrival."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._traces: OrderedDict[str, _Trace] = OrderedDict()

    def ingest(self, body: Json) -> None:
        """Take an export.

        Raises:
            ApiError: 400, it is not one; nothing of it is kept then.
        """
        data = body.get("data")
        if not isinstance(data, list):
            raise bad_request(
                "Invalid 'data': expected an array of traces and spans.", "data", "invalid_type"
            )
        for number, item in enumerate(data):
            _check(item, f"data[{number}]")
        written = [dump(item) for item in data]
        for item, held in zip(data, written, strict=True):
            if item["object"] == "trace":
                self._trace(item["id"]).name = item.get("workflow_name") or ""
            else:
                self._add_span(item, held)
        while len(self._traces) > MOST_TRACES:
            _forget(self._traces.popitem(last=False)[1])

    def tree(self) -> Json:
        """Every trace with its spans under their parents, each level in order of start."""
        return {"traces": [_tell(trace) for trace in self._traces.values()]}

    def clear(self) -> None:
        """Forget all."""
        for trace in self._traces.values():
            _forget(trace)
        self._traces.clear()

    def _trace(self, key: str) -> _Trace:
        return self._traces.setdefault(key, _Trace(key))

    def _add_span(self, span: Json, held: bytes) -> None:
        spans = self._trace(span["trace_id"]).spans
        if span["id"] in spans:
            spans[span["id"]].drop()
        spans[span["id"]] = self._budget.hold(held)


def _forget(trace: _Trace) -> None:
    for held in trace.spans.values():
        held.drop()


def _check(item: object, where: str) -> None:
    if not isinstance(item, dict):
        raise bad_request(f"Invalid '{where}': expected an object.", where, "invalid_type")
    kind = item.get("object")
    if not isinstance(kind, str) or kind not in _NEEDED:
        raise ApiError(
            400, f"Invalid '{where}.object': expected 'trace' or 'trace.span'.", param=f"{where}.object"
        )
    for name in (*_NEEDED[kind], *_OPTIONAL[kind]):
        value = item.get(name)
        if isinstance(value, str) or (value is None and name in _OPTIONAL[kind]):
            continue
        expected = "a string or null" if name in _OPTIONAL[kind] else "a string"
        raise bad_request(
            f"Invalid '{where}.{name}': expected {expected}.", f"{where}.{name}", "invalid_type"
        )
    if _is_deeper(item, _DEEPEST_SPAN):
        raise bad_request(f"Invalid '{where}': nested more than {_DEEPEST_SPAN} deep.", where)


def _is_deeper(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        inside: list[object] = []
        for one in level:
            if isinstance(one, dict):
                inside += one.values()
            elif isinstance(one, list):
                inside += one
        level = [one for one in inside if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def _tell(trace: _Trace) -> Json:
    held = [json.loads(found.data[0] or b"{}") for found in trace.spans.values() if found.data]
    spans: list[Json] = sorted(held, key=lambda span: span.get("started_at") or "")
    by_id = {span["id"]: span for span in spans}
    nodes = {span["id"]: _node(span) for span in spans}
    roots = []
    for span in spans:
        parent = span.get("parent_id")
        # A span whose parent has not been exported (yet) stands at the top.
        if parent in nodes and _depth(span, by_id) < _DEEPEST:
            nodes[parent]["children"].append(nodes[span["id"]])
        else:
            roots.append(nodes[span["id"]])
    return {"trace_id": trace.key, "name": trace.name, "spans": roots}


def _depth(span: Json, spans: dict[str, Json]) -> int:
    # Bounded, so that a span that is its own ancestor ends up at the top instead of in a loop.
    depth = 0
    while span.get("parent_id") in spans and depth < _DEEPEST:
        span = spans[span["parent_id"]]
        depth += 1
    return depth


def _node(span: Json) -> Json:
    found = span.get("span_data")
    data = found if isinstance(found, dict) else {}
    kind = str(data.get("type") or "span")
    inner, error = data.get("data"), span.get("error")
    if kind == "custom" and isinstance(inner, dict) and "sdk_span_type" in inner:
        # The SDK's own task and turn spans travel as custom ones.
        kind = str(inner["sdk_span_type"])
    return {
        "span_id": span["id"],
        "parent_id": span.get("parent_id"),
        "type": kind,
        "name": _name(kind, data),
        "data": {key: value for key, value in data.items() if key not in ("type", "name")},
        "error": error if error is None or isinstance(error, dict) else str(error),
        "started_at": span.get("started_at"),
        "ended_at": span.get("ended_at"),
        "children": [],
    }


def _name(kind: str, data: Json) -> str:
    inner = data.get("data") if isinstance(data.get("data"), dict) else {}
    if kind == "turn" and inner:
        return f"turn {inner.get('turn')}"
    if kind == "task" and inner:
        return str(inner.get("name") or kind)
    if kind == "handoff":
        return f"{data.get('from_agent')} to {data.get('to_agent')}"
    return str(data.get("name") or data.get("model") or kind)


__all__ = ["Traces"]
