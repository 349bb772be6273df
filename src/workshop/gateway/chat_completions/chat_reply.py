"""A response in the terms of chat completions: one object, or the chunks of a stream.

Source: https://platform.openai.com/docs/api-reference/chat/object and ``openai.types.chat``.
"""

from __future__ import annotations

from collections.abc import Iterator

from workshop.gateway.responses_api import stream_events
from workshop.practice.json_bodies import Json, dump

END = b"data: [DONE]\n\n"


def completion(response: Json, model: str) -> Json:
    """The ``chat.completion`` that says what ``response`` says, under the name of ``model``."""
    calls = [item for item in response["output"] if item["type"] == "function_call"]
    parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
    told = {"output_text": "", "refusal": ""}
    for part in parts:
        key = "text" if part["type"] == "output_text" else "refusal"
        told[part["type"]] += part[key]
    message: Json = {
        "role": "assistant",
        "content": told["output_text"] or None if calls or told["refusal"] else told["output_text"],
        "refusal": told["refusal"] or None,
        "annotations": [],
    }
    if calls:
        message["tool_calls"] = [_call(item) for item in calls]
    finish = "length" if response["status"] == "incomplete" else "tool_calls" if calls else "stop"
    return {
        "id": f"chatcmpl-{response['id'].removeprefix('resp_')}",
        "object": "chat.completion",
        "created": response["created_at"],
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": _usage(response["usage"]),
        "service_tier": "default",
        "system_fingerprint": None,
    }


def stream(told: Json, *, usage: bool) -> list[bytes]:
    """The server-sent events that tell the completion ``told``; with its usage at the end, if so asked."""
    choice = told["choices"][0]
    events = [
        _chunk(told, [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}], usage)
        for delta in _deltas(choice["message"])
    ]
    last = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": choice["finish_reason"]}
    events.append(_chunk(told, [last], usage))
    if usage:
        events.append({**_chunk(told, [], usage), "usage": told["usage"]})
    return [*(b"data: " + dump(event) + b"\n\n" for event in events), END]


def _call(item: Json) -> Json:
    function = {"name": item["name"], "arguments": item["arguments"]}
    return {"id": item["call_id"], "type": "function", "function": function}


def _usage(usage: Json) -> Json:
    return {
        "prompt_tokens": usage["input_tokens"],
        "completion_tokens": usage["output_tokens"],
        "total_tokens": usage["total_tokens"],
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _deltas(message: Json) -> Iterator[Json]:
    yield {"role": "assistant", "content": None if message.get("tool_calls") else "", "refusal": None}
    for name in ("content", "refusal"):
        for piece in stream_events.pieces(message[name] or ""):
            yield {name: piece}
    for index, call in enumerate(message.get("tool_calls", ())):
        begun = {**call["function"], "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": begun}]}
        for piece in stream_events.pieces(call["function"]["arguments"]):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _chunk(told: Json, choices: list[Json], usage: bool) -> Json:
    chunk = {key: told[key] for key in ("id", "created", "model", "service_tier", "system_fingerprint")}
    return {
        **chunk,
        "object": "chat.completion.chunk",
        "choices": choices,
        **({"usage": None} if usage else {}),
    }


__all__ = ["completion", "stream"]
