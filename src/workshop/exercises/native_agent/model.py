"""The model call as an activity: one request an attempt, heartbeats, and errors that say what comes next."""

from __future__ import annotations

import contextlib
import json
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, need_activity, running_worker, task_queue
from workshop.exercises.native_agent.model_alone import judge_alone, requests_noted
from workshop.exercises.native_agent.project import project
from workshop.exercises.questions import HAIKU

_TEMPORAL = "https://docs.temporal.io"

_REQUEST = {
    "instructions": "Use your tools when they fit the question. Otherwise answer with a haiku.",
    "input": [
        {"role": "user", "content": "What does the mountain dream of?"},
        {"role": "assistant", "content": "Of the slow river."},
        {"role": "user", "content": HAIKU},
    ],
    "tools": [
        {
            "type": "function",
            "name": "get_ip_address",
            "description": "Get the public IP address of the user's computer.",
            "parameters": {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
            "strict": True,
        }
    ],
}
_CALL = "`call_model`"


@exercise(
    proves="One attempt is one request, it sends heartbeats, and its errors say whether and when to try again.",
    hints=(
        "Three things belong to the request: who retries it, how the server learns that it is still running, "
        "and what its errors become. Which line does each?",
        f"`AsyncOpenAI(max_retries=0)`, and `@activity.defn` above an `async def`: "
        f"{_TEMPORAL}/develop/python/activities/basics",
        "client = AsyncOpenAI(max_retries=0)\n\n"
        "@activity.defn\nasync def call_model(request: ModelRequest) -> ModelReply:\n    try:\n"
        "        async with heartbeats():\n            response = await client.responses.create(...)\n"
        "    except APIStatusError as error:\n        raise ... from None\n    return ...",
    ),
    timeout=90,
)
async def model(bench: Bench) -> str:
    """The activity under a worker: a reply, a 500, a 401; and alone: a rate limit, a reply that takes long."""
    with project(bench):
        bench.fault("model", "server_error", after=1, calls=2)
        bench.fault("model", "status", after=1, status=401)
        # Another model than the one that the lesson names, so that a name in the code is seen.
        env = {"OPENAI_DEFAULT_MODEL": f"practice-{bench.fresh.name().lower()}"}
        told = await bench.run(_probe_model_calls, _REQUEST, bench.scope, env=env)
        if told["blocks"]:
            raise NotYet(
                "a client that leaves its worker free while it waits: an `AsyncOpenAI`",
                "the request was sent by a sync client, which blocks the whole worker",
                "`client`, and the `await` of `client.responses.create`",
            )
        reply, tried, refused = [await _only_call(bench, name) for name in _MODEL_CALLS]
        _judge_request(bench, reply, told["model"])
        _judge_attempts(bench.meter().model.arrived, told["client_retries"], reply, tried, refused)
        bench.gateway.clear_faults()
        await judge_alone(bench, _REQUEST, _CALL)
    return ""


_MODEL_CALLS = ("reply", "tried", "refused")


async def _probe_model_calls(module: ModuleType, request: dict[str, Any], prefix: str) -> Any:
    from temporalio.client import WorkflowFailureError

    from workshop.exercises.native_agent.counterparts import OneModelCall

    call_model = need_activity(module, "call_model")
    sent = requests_noted()
    async with running_worker(workflows=[OneModelCall], activities=[call_model]) as client:
        for name in _MODEL_CALLS:
            handle = await client.start_workflow(
                "OneModelCall", request, id=f"{prefix}-{name}", task_queue=task_queue()
            )
            with contextlib.suppress(WorkflowFailureError):
                await handle.result()
    return {
        "model": module.MODEL,
        "client_retries": max((one.retry for one in sent), default=0),
        "blocks": any(one.blocks for one in sent),
    }


async def _only_call(bench: Bench, name: str) -> ActivityRun:
    (call,) = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
    return call


def _judge_attempts(
    requests: int, client_retries: int, reply: ActivityRun, tried: ActivityRun, refused: ActivityRun
) -> None:
    """How often each call was attempted, and whether the client has retried, too."""
    attempts = reply.attempts + tried.attempts + refused.attempts
    if requests != attempts:
        who = "the client retries, too" if client_retries else "`call_model` itself asks again"
        raise NotYet(
            "one request per attempt, even when the service answers 500",
            f"{requests} requests in {attempts} attempts: {who}",
            "`client`: the argument `max_retries`" if client_retries else f"{_CALL}: retries are Temporal's",
        )
    if tried.attempts == 1:
        got = f"one only: {tried.problem}"
        if tried.ended == "completed":
            got = f"none: the error was not raised, the attempt returned {describe(tried.output)}"
        raise NotYet("another attempt after a 500", got, tried.line or _CALL)
    if refused.attempts != 1:
        returned = "ApplicationError is not JSON" in refused.problem
        raise NotYet(
            "one attempt when the service answers 401",
            f"{refused.attempts}, the last with {refused.problem}",
            f"{_CALL}: what becomes of an APIStatusError"
            + (": what `to_failure` makes of it is raised, not returned" if returned else ""),
        )


def _judge_request(bench: Bench, call: ActivityRun, name: str) -> None:
    """What was asked is what the request holds; what was returned is what the service replied."""
    if any("messages" in one.request for one in bench.model_calls()):
        raise NotYet(
            "requests by `client.responses.create`",
            "`messages`, as chat completions takes them: another interface, with other replies",
            f"{_CALL}: what it calls of `client`",
        )
    if call.ended != "completed":
        raise NotYet("a reply of the model", f"it {call.ended}: {call.problem}", call.line or _CALL)
    asked = [one for one in bench.model_calls() if one.status == "completed"]
    if not asked:
        raise NotYet("a request to the model", "none", _CALL)
    sent, replied = asked[0].request, asked[0].response
    for part, wanted in {"model": name, **_REQUEST}.items():
        if sent.get(part) != wanted:
            raise NotYet(
                f"{part} as {'MODEL names it' if part == 'model' else 'the request has them'}: {json.dumps(wanted)}",
                f"{json.dumps(sent.get(part))} was sent",
                f"{_CALL}: the arguments of `client.responses.create`",
            )
    items = replied["output"] if isinstance(replied, dict) else []
    output = call.output if isinstance(call.output, dict) else {}
    same = [one.get("id") for one in output.get("items") or []] == [one["id"] for one in items]
    if not same or not output.get("text"):
        raise NotYet(
            "the reply's items and text", describe(call.output), f"{_CALL}: `return reply_of(response)`"
        )
