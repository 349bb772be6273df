"""The response object: what a reply to ``POST /v1/responses`` holds, made from the practice model's decision.

The same request gives the same bytes: ids are derived from the request, the time is a fixed practice epoch.
Field names and defaults follow ``openai.types.responses.Response``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import traceback
from pathlib import Path
from typing import Any

from workshop.gateway import apology
from workshop.gateway.errors import ApiError
from workshop.practice.model import Decision, PlanRequest, plan
from workshop.gateway.responses_api import CreateRequest

Json = dict[str, Any]

MODEL = "practice-model"
NOTICE = "practice (a deterministic planner, not a language model)"
EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z; a clock would make two equal replies differ
# OpenAI's own rule of thumb for English text; all figures made with it are estimates:
# https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them
CHARACTERS_PER_TOKEN = 4

_NOT_READ_AS_TEXT = {"image_url", "file_data", "encrypted_content"}
# Beyond these, the practice model may take more than some hundredths of a second.
_MANY_PROPERTIES = 100
_MANY_TOKENS = 20_000

log = logging.getLogger("workshop.gateway")

# These choose how a reply travels or is cached, not what it says.
_NOT_IDENTIFYING = {"stream", "stream_options", "prompt_cache_key", "prompt_cache_retention", "background"}


def decide(request: CreateRequest, conversation: list[Json]) -> Decision:
    """Ask the practice model; ``conversation`` is every item so far, oldest first.

    Should it fail, the reply says so.

    Raises:
        ApiError: 500, it failed, and the output format leaves no room to say so.
    """
    try:
        decision = plan(
            PlanRequest(
                instructions=request.body.get("instructions") or "",
                items=conversation,
                tools=request.tools,
                tool_choice=request.tool_choice,
                parallel_tool_calls=request.parallel_tool_calls,
                text_format=request.text_format,
            )
        )
    except Exception as error:
        # Without the error's own words: they may quote the conversation.
        log.error("The practice model failed: %s at %s", type(error).__name__, _where(error))
        return _apologize(request)
    if decision.calls and not request.parallel_tool_calls:
        return Decision(rule=decision.rule, calls=decision.calls[:1])
    return decision


def text_tokens(request: CreateRequest, conversation: list[Json]) -> int:
    """An estimate of the tokens in what the model reads as text; pictures and files are left out."""
    read = [request.body.get("instructions"), request.body.get("tools")]
    read += [item.get(name) for item in conversation for name in ("content", "output", "arguments")]
    return -(-_characters(read) // CHARACTERS_PER_TOKEN)


def takes_long(request: CreateRequest, conversation: list[Json]) -> bool:
    """Whether the practice model may take so long that others should not wait for it."""
    return request.properties > _MANY_PROPERTIES or text_tokens(request, conversation) > _MANY_TOKENS


def build(request: CreateRequest, conversation: list[Json], decision: Decision) -> Json:
    """The response object for ``decision``, cut off at ``max_output_tokens`` if the request says so."""
    digest = _digest({key: value for key, value in request.body.items() if key not in _NOT_IDENTIFYING})
    output = _output(decision, digest)
    whole = _cut_off(output, request.max_output_tokens)
    body = request.body
    read = [body.get("instructions") or "", *conversation, *(body.get("tools") or [])]
    return {
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
        "max_tool_calls": None,
        "model": MODEL,
        "output": output,
        "parallel_tool_calls": request.parallel_tool_calls,
        "previous_response_id": request.previous_response_id,
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "store": request.store,
        "temperature": _or(body.get("temperature"), 1.0),
        "text": {"format": {"type": "text"}, "verbosity": "medium", **(body.get("text") or {})},
        "tool_choice": _or(body.get("tool_choice"), "auto"),
        "tools": body.get("tools") or [],
        "top_logprobs": 0,
        "top_p": _or(body.get("top_p"), 1.0),
        "truncation": _or(body.get("truncation"), "disabled"),
        "usage": _usage(read, output),
        "user": None,
        "metadata": body.get("metadata") or {},
    }


def tokens(value: object) -> int:
    """An estimate of the tokens in a text, or in the JSON of anything else."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _apologize(request: CreateRequest) -> Decision:
    text = apology.written_as(request.text_format)
    if text is None:
        raise ApiError(500, apology.TEXT, kind="server_error")
    return Decision(rule="planner_failed", text=text)


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(at.filename).name}:{at.lineno} ({at.name})" for at in reversed(frames))


def _characters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(_characters(each) for each in value)
    if isinstance(value, dict):
        return sum(
            len(name) + _characters(each) for name, each in value.items() if name not in _NOT_READ_AS_TEXT
        )
    return 1


def _or(value: object, default: object) -> object:
    return default if value is None else value


def _output(decision: Decision, digest: str) -> list[Json]:
    if not decision.calls:
        part = {"type": "output_text", "annotations": [], "logprobs": [], "text": decision.text}
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
            "arguments": json.dumps(call.arguments, ensure_ascii=False, separators=(",", ":")),
        }
        for number, call in enumerate(decision.calls)
    ]


def _cut_off(output: list[Json], limit: int | None) -> bool:
    # What a model writes counts against the limit in order; what no longer fits is lost.
    if limit is None:
        return True
    left = limit * CHARACTERS_PER_TOKEN
    for number, item in enumerate(output):
        holder, key = (item, "arguments") if item["type"] == "function_call" else (item["content"][0], "text")
        written = len(holder[key])
        if written > left:
            holder[key] = holder[key][:left]
            item["status"] = "incomplete"
            del output[number + 1 :]
            return False
        left -= written
    return True


def _usage(read: list[object], output: list[Json]) -> Json:
    taken = sum(tokens(part) for part in read)
    given = sum(
        tokens(item["name"]) + tokens(item["arguments"])
        if item["type"] == "function_call"
        else tokens(item["content"][0]["text"])
        for item in output
    )
    return {
        "input_tokens": taken,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": given,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": taken + given,
    }


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:48]


__all__ = ["EPOCH", "MODEL", "NOTICE", "build", "decide", "tokens"]
