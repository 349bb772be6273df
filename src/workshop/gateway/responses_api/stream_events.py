"""The events of a streamed reply, in the order in which the real API sends them.

Source: https://platform.openai.com/docs/api-reference/responses-streaming and
``openai.types.responses.ResponseStreamEvent``; every event carries a ``sequence_number``, from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workshop.practice.json_bodies import Json, dump

_WORDS = re.compile(r"\s*\S+|\s+$")


def encode(response: Json) -> list[bytes]:
    """The server-sent events that tell ``response``, one per element."""
    encoded = []
    for number, event in enumerate(events(response)):
        event["sequence_number"] = number
        encoded.append(b"event: " + event["type"].encode() + b"\ndata: " + dump(event) + b"\n\n")
    return encoded


def events(response: Json) -> Iterator[Json]:
    """The events that tell ``response``, without their sequence numbers."""
    begun = {**response, "status": "in_progress", "output": [], "usage": None}
    begun |= {"completed_at": None, "incomplete_details": None}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    for index, item in enumerate(response["output"]):
        if item["type"] == "function_call":
            yield from _call(item, index)
        else:
            yield from _message(item, index)
    yield {"type": f"response.{response['status']}", "response": response}


def _call(item: Json, index: int) -> Iterator[Json]:
    begun = {**item, "status": "in_progress", "arguments": ""}
    here = {"item_id": item["id"], "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": begun}
    for piece in pieces(item["arguments"]):
        yield {"type": "response.function_call_arguments.delta", **here, "delta": piece}
    yield {
        "type": "response.function_call_arguments.done",
        **here,
        "name": item["name"],
        "arguments": item["arguments"],
    }
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _message(item: Json, index: int) -> Iterator[Json]:
    part = item["content"][0]
    here = {"item_id": item["id"], "output_index": index, "content_index": 0}
    begun = {**item, "status": "in_progress", "content": []}
    yield {"type": "response.output_item.added", "output_index": index, "item": begun}
    name, key = ("output_text", "text") if part["type"] == "output_text" else ("refusal", "refusal")
    more: Json = {"logprobs": []} if key == "text" else {}
    yield {"type": "response.content_part.added", **here, "part": {**part, key: ""}}
    for piece in pieces(part[key]):
        yield {"type": f"response.{name}.delta", **here, "delta": piece, **more}
    yield {"type": f"response.{name}.done", **here, key: part[key], **more}
    yield {"type": "response.content_part.done", **here, "part": part}
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def pieces(text: str) -> list[str]:
    """A text in the pieces in which it is streamed: word by word."""
    return _WORDS.findall(text)


__all__ = ["encode", "events", "pieces"]
