"""Practice mode: replies made here, by the practice model and from the practice world."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from workshop.gateway import keys
from workshop.gateway.connection import CallerGone
from workshop.gateway.errors import ApiError
from workshop.gateway.exchange import Incoming, Reply
from workshop.gateway.meter import Outcome
from workshop.gateway.recall import recall
from workshop.gateway.responses_api import (
    apology,
    compaction,
    create_request,
    fingerprint,
    request_items,
    response_object,
    stream_events,
    tokens,
)
from workshop.gateway.responses_api.conversations import Conversation
from workshop.gateway.responses_api.create_request import CreateRequest
from workshop.practice import bank, world
from workshop.practice.answer import NOTICE, Answer
from workshop.practice.json_bodies import Json, dump
from workshop.practice.model import Decision, PlanRequest, plan

log = logging.getLogger("workshop.gateway")

# Beyond these, the practice model may take more than some hundredths of a second.
_MANY_PROPERTIES = 100
_MANY_TOKENS = 20_000

_HEADERS = {"x-workshop-model": response_object.NOTICE, "openai-version": "2020-10-01"}


async def answer_model(incoming: Incoming) -> Reply:
    """Answer a call to ``POST /v1/responses``.

    Raises:
        ApiError: the request is wrong, or 500, the practice model failed; nothing has been stored.
    """
    keys.require(incoming.bearer)
    request = create_request.parse(incoming.json or {})
    recalled = recall(request, incoming.scope)
    let_go = _take(recalled.conversation)
    try:
        decision = await decide(request, recalled.read)
        response = response_object.build(request, recalled.counted, decision)
    except BaseException:
        await let_go()
        raise
    body = dump(response)
    headers = headers_of(request, response, decision)
    outcome = outcome_of(request, recalled.read, response, decision)

    def keep() -> None:
        recalled.keep(request, response, incoming.scope)

    if request.stream:
        headers |= {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
        return Reply(200, headers, stream_events.encode(response), outcome, keep, let_go)
    return Reply(200, headers | {"content-type": "application/json"}, body, outcome, keep, let_go)


def headers_of(request: CreateRequest, response: Json, decision: Decision) -> dict[str, str]:
    """The headers of a reply of the practice model, without those of its form."""
    headers = {**_HEADERS, "x-request-id": f"req_{response['id'][5:37]}", "x-workshop-rule": decision.rule}
    headers["x-workshop-why"] = _in_a_header(decision.why)
    if request.ignored_tools:
        headers["x-workshop-ignored-tools"] = ", ".join(request.ignored_tools)
    return headers


def outcome_of(
    request: CreateRequest, conversation: list[Json], response: Json, decision: Decision
) -> Outcome:
    """What the meter says of a reply of the practice model."""
    return Outcome(
        input_tokens=response["usage"]["input_tokens"],
        output_tokens=response["usage"]["output_tokens"],
        estimated=True,
        fingerprint=fingerprint.of(request.body, conversation),
        summary=response_object.summarize(response),
        response=dump(response),
        rule=decision.rule,
        why=decision.why or None,
    )


async def compact(incoming: Incoming) -> Reply:
    """Answer a call to ``POST /v1/responses/compact``.

    Raises:
        ApiError: the request is wrong.
    """
    keys.require(incoming.bearer)
    request = create_request.parse(incoming.json or {})
    recalled = recall(request, incoming.scope)
    output = compaction.compact(recalled.read)
    usage = response_object.usage(
        response_object.tokens_read(request, recalled.counted),
        tokens.estimate(output[-1]["encrypted_content"]),
    )
    response = {
        "id": f"resp_{output[-1]['id'][4:]}",
        "object": "response.compaction",
        "created_at": response_object.EPOCH,
        "output": output,
        "usage": usage,
    }
    outcome = Outcome(
        input_tokens=usage["input_tokens"],
        output_tokens=usage["output_tokens"],
        estimated=True,
        fingerprint=fingerprint.of({**request.body, "tool_choice": "compact"}, recalled.read),
        summary="compacts the conversation",
        response=dump(response),
    )
    return Reply(200, _HEADERS | {"content-type": "application/json"}, dump(response), outcome)


async def decide(request: CreateRequest, conversation: list[Json]) -> Decision:
    """Ask the practice model; ``conversation`` is every item so far, oldest first.

    Raises:
        ApiError: the conversation has a hole or is too long; or 500, the practice model failed.
    """
    request_items.check_pairs(conversation)
    length = tokens.estimate_text(request, conversation)
    create_request.check_length(length)
    if request.properties > _MANY_PROPERTIES or length > _MANY_TOKENS:
        # Other notebooks' calls must not wait for it.
        return await asyncio.to_thread(_decide, request, conversation)
    return _decide(request, conversation)


async def answer_service(incoming: Incoming, name: world.Service, path: str) -> Reply:
    """Answer a call to one of the tools' services; ``path`` is what follows its name in the address."""
    request = incoming.request
    answer = world.answer(name, path, request.query_params, request.headers.get("user-agent"))
    return _reply(answer, f"{request.method} {path}" if answer.status < 400 else f"error {answer.status}")


async def answer_bank(incoming: Incoming, path: str) -> Reply:
    """Answer a call to the bank; ``path`` is what follows ``/bank`` in the address.

    Raises:
        CallerGone: nobody is there to have the reply, and no money has moved.
    """
    if not incoming.connection.open:
        raise CallerGone
    request = incoming.request
    key = request.headers.get("idempotency-key")
    answer = bank.answer(incoming.scope.bank, request.method, path, incoming.body, key)
    return _reply(answer, answer.summary)


def list_models() -> Json:
    """What ``GET /v1/models`` lists."""
    return {"object": "list", "data": [describe_model(response_object.MODEL)]}


def describe_model(name: str) -> Json:
    """One model; practice mode answers under any name, and its replies say by which model."""
    return {
        "id": name,
        "object": "model",
        "created": response_object.EPOCH,
        "owned_by": "durable-agents-workshop",
    }


def _reply(answer: Answer, summary: str) -> Reply:
    headers = {"content-type": answer.content_type, **answer.headers, "x-workshop-world": NOTICE}
    return Reply(answer.status, headers, answer.body, Outcome(summary=summary, response=answer.body))


def _decide(request: CreateRequest, conversation: list[Json]) -> Decision:
    """Ask the practice model; ``conversation`` is every item so far, oldest first. Should it fail, that is said.

    Raises:
        ApiError: 500, it failed, and the output format leaves no room to say so.
    """
    try:
        return plan(
            PlanRequest(
                instructions=request.body.get("instructions") or "",
                items=conversation,
                # It cannot call the others, but it can say so.
                tools=[*request.tools, *({"type": kind} for kind in request.ignored_tools)],
                tool_choice=request.tool_choice,
                parallel_tool_calls=request.parallel_tool_calls,
                text_format=request.text_format,
            )
        )
    except Exception as error:
        # Without the error's own words: they may quote the conversation.
        log.error("The practice model failed: %s at %s", type(error).__name__, _where(error))
    text = apology.written_as(request.text_format)
    if text is None:
        raise ApiError(500, apology.TEXT, kind="server_error")
    return Decision(rule="planner_failed", text=text, why="the practice model failed")


def _in_a_header(why: str, longest: int = 500) -> str:
    # In one line of printable ASCII; the transcript has it whole.
    line = "".join(c if " " <= c <= "~" else "?" for c in " ".join(why.split()))
    return line if len(line) <= longest else f"{line[: longest - 4]} ..."


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(at.filename).name}:{at.lineno} ({at.name})" for at in reversed(frames))


def _take(conversation: Conversation | None) -> Callable[[], Awaitable[None]]:
    """Keep other requests out of a conversation; what lets them in again."""
    if conversation is not None:
        conversation.take()

    async def let_go() -> None:
        if conversation is not None:
            conversation.busy = False

    return let_go


__all__ = [
    "answer_bank",
    "answer_model",
    "answer_service",
    "compact",
    "decide",
    "describe_model",
    "headers_of",
    "list_models",
    "outcome_of",
]
