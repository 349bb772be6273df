"""The response object: what a reply to ``POST /v1/responses`` holds, made from the practice model's decision.

The same request gives the same bytes: ids are derived from the request, the time is a fixed practice epoch.
Field names and defaults follow ``openai.types.responses.Response``.
"""

from __future__ import annotations

import hashlib
import json

from workshop.gateway.responses_api import tokens
from workshop.gateway.responses_api.create_request import CreateRequest
from workshop.practice import json_bodies
from workshop.practice.json_bodies import Json
from workshop.practice.model import Decision

MODEL = "practice-model"
NOTICE = "practice (a deterministic planner, not a language model)"
EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z; a clock would make two equal replies differ

# These choose how a reply travels or is cached, not what it says.
_REPEATED = ("prompt_cache_key", "prompt_cache_retention", "safety_identifier")
_NOT_IDENTIFYING = {"stream", "stream_options", "prompt_cache_key", "prompt_cache_retention", "background"}


def build(request: CreateRequest, conversation: list[Json], decision: Decision) -> Json:
    """The response object for ``decision``, cut off at ``max_output_tokens`` if the request says so."""
    told = {key: value for key, value in request.body.items() if key not in _NOT_IDENTIFYING}
    if request.conversation is not None:
        # The same words at another point of a conversation are another request.
        told["conversation"] = conversation
    digest = _digest(told)
    output = _output(decision, digest)
    whole = _cut_off(output, request.max_output_tokens)
    body = request.body
    repeated: Json = {name: body[name] for name in _REPEATED if body.get(name) is not None}
    if request.conversation is not None:
        repeated["conversation"] = {"id": request.conversation}
    return {
        **repeated,
        "id": f"resp_{digest}",
        "object": "response",
        "created_at": EPOCH,
        "status": "completed" if whole else "incomplete",
        "background": False,
        "completed_at": EPOCH if whole else None,
        "error": None,
        "incomplete_details": None if whole else {"reason": "max_output_tokens"},
        "instructions": body.get("instructions"),
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": body.get("max_tool_calls"),
        "model": MODEL,
        "output": output,
        "parallel_tool_calls": request.parallel_tool_calls,
        "previous_response_id": request.previous_response_id,
        "reasoning": {"effort": None, "summary": None, **(body.get("reasoning") or {})},
        "service_tier": "default" if body.get("service_tier") in (None, "auto") else body["service_tier"],
        "store": request.store,
        "temperature": _or(body.get("temperature"), 1.0),
        "text": {"format": {"type": "text"}, "verbosity": "medium", **(body.get("text") or {})},
        "tool_choice": _or(body.get("tool_choice"), "auto"),
        "tools": [_echoed(tool) for tool in body.get("tools") or []],
        "top_logprobs": _or(body.get("top_logprobs"), 0),
        "top_p": _or(body.get("top_p"), 1.0),
        "truncation": _or(body.get("truncation"), "disabled"),
        "usage": usage(tokens_read(request, conversation), _tokens_written(output)),
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }


def tokens_read(request: CreateRequest, conversation: list[Json]) -> int:
    """The tokens that the model reads, estimated."""
    body = request.body
    read = [body.get("instructions") or "", *conversation, *(body.get("tools") or [])]
    return sum(tokens.estimate(part) for part in read)


def usage(read: int, written: int) -> Json:
    """The usage object for so many tokens."""
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + written,
    }


def summarize(response: Json) -> str:
    """A reply in a few words: the calls it asks for, or that it answers."""
    calls = [item for item in _items_of(response) if item.get("type") == "function_call"]
    if calls:
        return "asks for " + " and ".join(_told(item) for item in calls)
    contents = [item.get("content") for item in _items_of(response)]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    refused = any(isinstance(part, dict) and part.get("type") == "refusal" for part in parts)
    return "refuses" if refused else "answers"


def _echoed(tool: Json) -> Json:
    # A reply names these also where the request left them out.
    return {"strict": None, "parameters": None, **tool} if tool.get("type") == "function" else tool


def _or(value: object, default: object) -> object:
    return default if value is None else value


def _output(decision: Decision, digest: str) -> list[Json]:
    if not decision.calls:
        refusal = decision.refusal
        part: Json = {"type": "output_text", "annotations": [], "logprobs": [], "text": decision.text}
        if refusal:
            part = {"type": "refusal", "refusal": refusal}
        return [
            {
                "id": f"msg_{digest}",
                "type": "message",
                "status": "completed",
                "role": "assistant",
                "content": [part],
            }
        ]
    return [
        {
            "id": f"fc_{digest}{number:02d}",
            "type": "function_call",
            "status": "completed",
            "call_id": f"call_{digest[:22]}{number:02d}",
            "name": call.name,
            "arguments": json_bodies.compact(call.arguments),
        }
        for number, call in enumerate(decision.calls)
    ]


def _cut_off(output: list[Json], limit: int | None) -> bool:
    # What a model writes counts against the limit in order; what no longer fits is lost.
    if limit is None:
        return True
    left = limit * tokens.CHARACTERS_PER_TOKEN
    for number, item in enumerate(output):
        holder, key = _written(item)
        written = len(holder[key])
        if written > left:
            holder[key] = holder[key][:left]
            item["status"] = "incomplete"
            del output[number + 1 :]
            return False
        left -= written
    return True


def _tokens_written(output: list[Json]) -> int:
    written = 0
    for item in output:
        holder, key = _written(item)
        written += tokens.estimate(holder[key]) + tokens.estimate(item.get("name", ""))
    return written


def _written(item: Json) -> tuple[Json, str]:
    """Where what the model wrote stands: the object, and the key in it."""
    if item["type"] == "function_call":
        return item, "arguments"
    part = item["content"][0]
    return part, "text" if part["type"] == "output_text" else "refusal"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:48]


def _items_of(response: Json) -> list[Json]:
    output = response.get("output")
    return [item for item in output if isinstance(item, dict)] if isinstance(output, list) else []


def _told(item: Json) -> str:
    try:
        arguments = json_bodies.read(str(item.get("arguments")))
    except json_bodies.BodyError:
        return f"{item.get('name')}(...)"
    return f"{item.get('name')}({', '.join(f'{name}={_short(value)}' for name, value in arguments.items())})"


def _short(value: object, most: int = 40) -> str:
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."


__all__ = ["EPOCH", "MODEL", "NOTICE", "build", "summarize", "tokens_read", "usage"]
