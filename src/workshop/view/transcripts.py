"""``show.transcript()``: each model call, what was new in it, and what came back.

Every call to a model carries the whole conversation so far. A view that repeated it would hide the one thing
that changed, so each call shows only what the call it continues had not sent or received yet.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from workshop.lab.gateway_client import Exchange, GatewayClient
from workshop.view import chat_terms
from workshop.view.document import Block, Node, Paragraph, Tree, View
from workshop.view.readings import settled
from workshop.view.wording import count, model_name, outcome

Item = dict[str, Any]

_LONGEST = 4_000
_ROLES = {"system": "system", "developer": "developer", "user": "user", "assistant": "assistant"}


def read_transcript(last: int | None = None, *, why: bool = False) -> View:
    """The transcript of this process's scope, now.

    Args:
        last: Show only this many calls, the latest.
        why: Show also the reason of each of the practice model's replies: its rule, and its evidence.

    Raises:
        GatewayError: the gateway does not answer.
        ValueError: ``last`` is less than 1.
    """
    if last is not None and last < 1:
        raise ValueError(f"last={last}: ask for at least one call")
    with GatewayClient.for_scope() as client:
        settled(client)
        return transcript_view(client.transcript(), last, why=why)


def transcript_view(exchanges: Sequence[Exchange], last: int | None = None, *, why: bool = False) -> View:
    """The model calls among some exchanges, in order of arrival."""
    calls = [_Call(exchange) for exchange in exchanges if exchange.route in ("model", "other")]
    shown = list(enumerate(calls))[-last if last else None :]
    left_out = len(calls) - len(shown)
    heading = f"Transcript: {count(len(calls), 'model call')}"
    if left_out:
        heading += f", of which the last {len(shown)}"
    if exchanges and (gone := exchanges[0].n - 1):
        heading += f"; the gateway no longer holds {count(gone, 'earlier call')}"
    blocks: list[Block] = [Paragraph(heading)]
    if shown:
        blocks.append(Tree([_node(n, call, calls[:n], why) for n, call in shown], ordered=not left_out))
    return View("Transcript", blocks)


class _Call:
    # One exchange with a model, taken apart.

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        # The gateway keeps a bounded number of requests, and none that is not JSON.
        self.request = exchange.request or {}
        self.reply = exchange.response if isinstance(exchange.response, dict) else {}
        if "messages" in self.request:
            self.request = chat_terms.request_of(self.request)
            self.reply = chat_terms.reply_of(self.reply)
        self.sent = _items(self.request.get("input"))
        self.received = _items(self.reply.get("output"))

    @property
    def instructions(self) -> str:
        return str(self.request.get("instructions") or "")

    @property
    def tools(self) -> list[str]:
        tools = self.request.get("tools")
        return [
            str(tool.get("name") or tool.get("type"))
            for tool in (tools if isinstance(tools, list) else [])
            if isinstance(tool, dict)
        ]

    def continued(self, earlier: Sequence[_Call]) -> tuple[_Call | None, int]:
        # The call that this one goes on from, and how many items of the input were known by then.
        previous = self.request.get("previous_response_id")
        if previous:
            return next((call for call in reversed(earlier) if call.reply.get("id") == previous), None), 0
        mine = [_identity(item) for item in self.sent]
        for call in reversed(earlier):
            known = [_identity(item) for item in (*call.sent, *call.received)]
            # Without its reply, a call has nothing that another could continue: that would be a repeat.
            if call.received and len(known) < len(mine) and mine[: len(known)] == known:
                return call, len(known)
        return None, 0


def _node(n: int, call: _Call, earlier: Sequence[_Call], why: bool) -> Node:
    before, known = call.continued(earlier)
    sent = _sent(call, before, call.sent[known:], earlier)
    name = model_name(call.reply.get("model") or call.request.get("model") or "model")
    label = f"Call {n + 1}, {name}"
    if call.exchange.status != "completed":
        label += f", {outcome(call.exchange.status, call.exchange.http_status)}"
    exchange = call.exchange
    reason = (
        [Node("Why", f"{exchange.rule}: {exchange.why}")] if why and exchange.rule and exchange.why else []
    )
    return Node(
        label,
        children=(
            Node("Sent" if before is None else "Newly sent", children=sent),
            Node("Came back", children=_came_back(call)),
            *reason,
        ),
    )


def _sent(call: _Call, before: _Call | None, new: Sequence[Item], earlier: Sequence[_Call]) -> list[Node]:
    nodes: list[Node] = []
    if call.instructions and (before is None or before.instructions != call.instructions):
        nodes.append(Node("instructions", _cut(call.instructions)))
    names = _tool_names([*earlier, call])
    nodes += [_item_node(item, names) for item in new]
    if before is not None and before.tools == call.tools:
        nodes.append(Node("tools offered", "the same" if call.tools else "none"))
    else:
        nodes.append(Node("tools offered", ", ".join(call.tools) or "none"))
    choice = call.request.get("tool_choice")
    if choice not in (None, "auto"):
        wanted = choice.get("name", choice.get("type")) if isinstance(choice, dict) else choice
        nodes.append(Node("tool choice", str(wanted)))
    if shape := _shape(call.request):
        nodes.append(Node("answer must fit", shape))
    return nodes


def _came_back(call: _Call) -> list[Node]:
    nodes = [_item_node(item, {}) for item in call.received]
    if nodes:
        if call.reply.get("status") == "incomplete":
            nodes.append(Node("cut short", _incomplete(call.reply)))
        return nodes
    error = call.reply.get("error")
    if isinstance(error, dict) and error.get("message"):
        return [Node("error", _cut(str(error["message"])))]
    if isinstance(call.exchange.response, str) and call.exchange.response:
        return [Node("something that is no reply", _cut(call.exchange.response, 200))]
    return [Node("nothing yet" if call.exchange.status == "in_flight" else "nothing")]


def _item_node(item: Item, names: dict[str, str]) -> Node:
    kind = item.get("type") or "message"
    if kind == "message":
        role = str(item.get("role") or "message")
        label = "text" if role == "assistant" else _ROLES.get(role, role)
        return Node(label, _cut(_text(item.get("content"))))
    if kind == "function_call":
        return Node("tool call", _tool_call(item))
    if kind == "function_call_output":
        name = names.get(str(item.get("call_id")))
        return Node(f"output of {name}" if name else "output of a tool", _cut(_text(item.get("output"))))
    if kind == "reasoning":
        return Node("reasoning", "not shown by the provider")
    return Node(str(kind).replace("_", " "))


def _items(value: object) -> list[Item]:
    if isinstance(value, str):
        return [{"type": "message", "role": "user", "content": value}]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _identity(item: Item) -> tuple[str, ...]:
    # What the item says, without the ids and marks that a client adds or drops when it sends it back.
    kind = str(item.get("type") or "message")
    if kind == "message":
        return (kind, str(item.get("role")), _text(item.get("content")))
    return (
        kind,
        *(str(item.get(key)) for key in ("call_id", "name", "arguments")),
        _text(item.get("output")) if kind == "function_call_output" else "",
    )


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return "" if content is None else json.dumps(content, ensure_ascii=False)
    parts = []
    for part in content:
        said = part.get("text") or part.get("refusal") if isinstance(part, dict) else None
        kind = part.get("type", "part") if isinstance(part, dict) else "part"
        parts.append(str(said) if said is not None else f"({str(kind).replace('_', ' ')})")
    return "\n".join(parts)


def _tool_call(item: Item) -> str:
    name = str(item.get("name"))
    raw = str(item.get("arguments") or "{}")
    try:
        arguments = json.loads(raw)
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        return f"{name} with {_cut(raw, 200)}"
    given = ", ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in arguments.items())
    return f"{name}({_cut(given)})"


def _tool_names(calls: Sequence[_Call]) -> dict[str, str]:
    return {
        str(item.get("call_id")): str(item.get("name"))
        for call in calls
        for item in (*call.sent, *call.received)
        if item.get("type") == "function_call"
    }


def _shape(request: dict[str, Any]) -> str:
    text = request.get("text")
    form = text.get("format") if isinstance(text, dict) else None
    if not isinstance(form, dict) or form.get("type") in (None, "text"):
        return ""
    schema = form.get("schema")
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return "JSON"
    return f"JSON with {', '.join(properties)}"


def _incomplete(reply: dict[str, Any]) -> str:
    details = reply.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    return str(reason or "no reason given").replace("_", " ")


def _cut(text: str, longest: int = _LONGEST) -> str:
    left = len(text) - longest
    return text if left <= 0 else f"{text[:longest]} ... ({count(left, 'character')} more)"


__all__ = ["read_transcript", "transcript_view"]
