"""Calls of a model as the gateway tells them: exchanges, and a meter."""

from __future__ import annotations

import json
from typing import Any

from workshop.lab.gateway_client import Exchange, Meter, Trace

Item = dict[str, Any]

QUESTION = {"role": "user", "content": "Any alerts where I am?"}
TOOLS = [{"type": "function", "name": name, "parameters": {}} for name in ("get_ip", "get_alerts")]


def asks(name: str, call_id: str, **arguments: Any) -> Item:
    return {
        "type": "function_call",
        "id": f"fc_{call_id}",
        "call_id": call_id,
        "name": name,
        "arguments": json.dumps(arguments),
        "status": "completed",
    }


def tells(call_id: str, output: Any) -> Item:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def says(text: str) -> Item:
    return {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    }


def sent_back(item: Item) -> Item:
    """An item as the SDK sends it with the next call: without what only the server knows."""
    return {key: value for key, value in item.items() if key not in ("id", "status")}


def exchange(
    n: int, sent: Any, received: list[Item] | None, status: str = "completed", **request: Any
) -> Exchange:
    body = {"model": "gpt-5", "instructions": "Use tools.", "input": sent, "tools": TOOLS, **request}
    reply = None
    if received is not None:
        reply = {"id": f"resp_{n}", "model": "practice-model", "output": received, "status": "completed"}
    return Exchange.model_validate(
        {"n": n, "route": "model", "status": status, "http_status": 200, "request": body, "response": reply}
    )


def run(first_n: int = 1) -> list[Exchange]:
    ask_ip, ask_alerts = asks("get_ip", "c1"), asks("get_alerts", "c2", state="CA")
    first = [QUESTION]
    second = [*first, sent_back(ask_ip), tells("c1", "203.0.113.7")]
    third = [*second, sent_back(ask_alerts), tells("c2", "2 alerts:\n1. Flood\n2. Wind")]
    return [
        exchange(first_n, first, [ask_ip]),
        exchange(first_n + 1, second, [ask_alerts]),
        exchange(first_n + 2, third, [says("Flood and wind.")]),
    ]


THE_RUN = """Transcript: 3 model calls

Call 1, practice model
  Sent
    instructions: Use tools.
    user: Any alerts where I am?
    tools offered: get_ip, get_alerts
  Came back
    tool call: get_ip()
Call 2, practice model
  Newly sent
    output of get_ip: 203.0.113.7
    tools offered: the same
  Came back
    tool call: get_alerts(state="CA")
Call 3, practice model
  Newly sent
    output of get_alerts:
      2 alerts:
      1. Flood
      2. Wind
    tools offered: the same
  Came back
    text: Flood and wind."""


def meter(*calls: Item, **model: int) -> Meter:
    body = {
        "scope": "nb-123-abc",
        "mode": "practice",
        "estimated": True,
        "model": model,
        "services": {"weather": 0, "ip": 2, "geo": 0},
        "calls": list(calls),
    }
    return Meter.model_validate(body)


class ToldGateway:
    """In the place of a client: a meter whose last call ends while it is being read."""

    def __init__(self, *meters: Meter) -> None:
        self.meters = list(meters)

    def __enter__(self) -> ToldGateway:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def meter(self) -> Meter:
        return self.meters.pop(0) if len(self.meters) > 1 else self.meters[0]

    def transcript(self) -> list[Exchange]:
        return run()

    def traces(self) -> list[Trace]:
        return [Trace(trace_id="a", name="only")]
