"""``show.trace()``: a run as the Agents SDK's own tracing saw it, as a tree."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.lab.gateway_client import GatewayClient, Span, Trace
from workshop.lab.traces import flush_traces
from workshop.view.document import Block, Node, Paragraph, Tree, View
from workshop.view.readings import settled_traces
from workshop.view.wording import count

_LONGEST = 300

# The SDK's words for its spans, and ours: https://openai.github.io/openai-agents-python/tracing/
_WORDS = {
    "agent": "agent",
    "function": "tool",
    "generation": "model call",
    "guardrail": "guardrail",
    "handoff": "handoff",
    "mcp_tools": "list of MCP tools",
    "response": "model call",
    "task": "run",
    "turn": "turn",
}


def read_trace(last: int | None = 1) -> View:
    """The latest traces of this process's scope.

    Args:
        last: How many, the latest; None for all.

    Raises:
        GatewayError: the gateway does not answer.
        ValueError: ``last`` is less than 1.
    """
    if last is not None and last < 1:
        raise ValueError(f"last={last}: ask for at least one trace")
    flush_traces()
    with GatewayClient.for_scope() as client:
        return trace_view(settled_traces(client), last)


def trace_view(traces: Sequence[Trace], last: int | None = 1) -> View:
    """Some traces, each as a tree of its spans in the order in which they began."""
    shown = traces[-last:] if last else traces
    if not shown:
        return View("Trace", [Paragraph("No trace yet: run an agent first.")])
    blocks: list[Block] = []
    for trace in shown:
        blocks.append(Paragraph(f"Trace: {trace.name or 'without a name'}"))
        if trace.spans:
            blocks.append(Tree([node for span in trace.spans for node in _nodes(span)]))
    return View("Trace", blocks)


def _nodes(span: Span) -> list[Node]:
    children = [node for child in span.children for node in _nodes(child)]
    details = _details(span)
    if span.error:
        details.append(Node("error", _error(span.error)))
    return [Node(span_label(span), _value(span), (*details, *children))]


def span_label(span: Span) -> str:
    """What a span is, and its name where that says more, such as ``tool get_ip_address``."""
    word = _WORDS.get(span.type, span.type)
    if span.type == "turn":
        # The SDK names the span "turn 1": once is enough.
        return span.name or word
    if word == "model call" or span.name in ("", span.type, word):
        return word
    return f"{word} {span.name}"


def _value(span: Span) -> str:
    if span.type in ("response", "generation"):
        usage = span.data.get("usage")
        if isinstance(usage, dict) and usage.get("input_tokens") is not None:
            said = count(int(usage["input_tokens"]), "token")
            return f"{said} in, {int(usage.get('output_tokens') or 0):,} out"
    if span.type == "guardrail":
        return "tripped" if span.data.get("triggered") else "let it pass"
    return ""


def _details(span: Span) -> list[Node]:
    if span.type != "function":
        return []
    found = [(name, span.data.get(name)) for name in ("input", "output")]
    return [Node(name, _cut(str(value))) for name, value in found if value not in (None, "")]


def _error(error: object) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    data = error.get("data") if isinstance(error, dict) else None
    reason = data.get("error") if isinstance(data, dict) else None
    return _cut(f"{message}: {reason}" if reason else str(message))


def _cut(text: str) -> str:
    left = len(text) - _LONGEST
    return text if left <= 0 else f"{text[:_LONGEST]} ... ({count(left, 'character')} more)"


__all__ = ["read_trace", "span_label", "trace_view"]
