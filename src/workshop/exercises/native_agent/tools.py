"""The checks of lesson 3, "The native loop".

The parts are checked one by one beside workflows and activities of the course's own
(:mod:`workshop.checks.lesson3_workflows`); the whole agent is asked questions and judged by its histories
(:mod:`workshop.checks.lesson3_agent`). Model and services are the gateway's.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import json
import random
import re
import traceback
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.settings import Service

from .bench import Bench, NotYet, describe, need, need_free_loop, need_function, place_of
from .endings import beside, ending_of, result_of
from .histories import ActivityRun, activity_runs
from .lesson3_agent import (
    FOLDER,
    TALKATIVE,
    Asked,
    ask,
    judge_answer,
    judge_conversation,
    judge_ended,
    judge_replays,
    judge_tools_answered,
    project,
)
from .questions import CALIFORNIA, WHERE_I_AM
from .registry import exercise
from .workflows import (
    handle_of,
    judge_numbers,
    need_activity,
    probe_numbers,
    running_worker,
    start_run,
    task_queue,
)

if TYPE_CHECKING:
    from openai import APIStatusError

_TEMPORAL = "https://docs.temporal.io"
_OPENAI = "https://platform.openai.com/docs"


# --- 3.1 ---------------------------------------------------------------------------------------------

_DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
_STATUSES = (400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503)


@exercise(
    "3.1",
    file=f"{FOLDER}/failures.py",
    proves="Each status that the model's service can answer with is tried again if, and when, it makes sense.",
    hints=(
        "Would the same request, sent again in a minute, have a chance? Ask it for 401, 404, 409, 429 and 503.",
        "`ApplicationError(message, non_retryable=..., next_retry_delay=...)`, and for the header "
        f"`wait.isdecimal()`: {_TEMPORAL}/develop/python/failure-detection",
        "final = status < 500 and status not in (408, ...)\n"
        "delay = timedelta(seconds=int(wait)) if wait.isdecimal() else None\n"
        "return ApplicationError(told, non_retryable=final, next_retry_delay=delay)",
    ),
    timeout=40,
)
async def failures(bench: Bench) -> str:
    """Errors of the gateway's, made by real requests, and some with headers that it never sends."""
    for status in _STATUSES:
        bench.fault("model", "status", status=status, calls=1)
    bench.fault("model", "rate_limit", retry_after=2, calls=1)
    for one in await bench.run(_probe_failures, len(_STATUSES) + 1):
        _judge_failure(one)
    return ""


def _judge_failure(one: dict[str, Any]) -> None:
    status, wait = one["status"], one["wait"]
    case = f"a {status}" + (f" with `retry-after: {wait}`" if wait else "")
    look = one["place"]
    if one["raised"]:
        wanted = "`to_failure` to return the ApplicationError; the one who calls it raises it"
        if not one["right_kind"]:
            wanted = f"{case} to become an ApplicationError"
        raise NotYet(wanted, f"`to_failure` raised {one['raised']}", look)
    if "final" not in one:
        raise NotYet(f"`to_failure` to return an ApplicationError for {case}", one["described"], look)
    final = status < 500 and status not in (408, 409, 429)
    if one["final"] is not final:
        raise NotYet(
            f"{case} to be {'final' if final else 'tried again'}",
            f"non_retryable={one['final']}",
            f"{look}: what is given as `non_retryable`",
        )
    if one["unfit_delay"]:
        raise NotYet(
            f"{case}: a next_retry_delay that is a timedelta, or none",
            one["unfit_delay"],
            f"{look}: what is given as `next_retry_delay`",
        )
    delay = float(wait) if wait.isdecimal() else None
    if one["delay"] != delay and not final:
        raise NotYet(
            f"{case}: "
            + (f"the next attempt after {delay:g} s" if delay else "the retry policy decides when"),
            "no next_retry_delay" if one["delay"] is None else f"a next_retry_delay of {one['delay']:g} s",
            f"{look}: what is given as `next_retry_delay`",
        )
    if one["leaks"]:
        raise NotYet(
            "a message without the key", f"it quotes the service, and so the key: {one['message']}", look
        )


async def _probe_failures(module: ModuleType, requests: int) -> list[dict[str, Any]]:
    from openai import APIStatusError, AsyncOpenAI

    to_failure = need_function(module, "to_failure", is_async=False)
    client = AsyncOpenAI(max_retries=0)
    seen = []
    for _ in range(requests):
        try:
            await client.responses.create(model="practice", input="Hello")
        except APIStatusError as error:
            seen.append(_seen_failure(module, to_failure, error))
    for status, wait in ((503, "3"), (503, _DATE), (429, _DATE), (401, "")):
        seen.append(_seen_failure(module, to_failure, _status_error(client, status, wait)))
    return seen


def _status_error(client: Any, status: int, wait: str) -> APIStatusError:
    """The error that OpenAI's client makes of such a reply. Its message quotes the key, as a real one may."""
    import httpx2
    from openai import APIStatusError

    request = httpx2.Request("POST", f"{client.base_url}responses")
    response = httpx2.Response(status, headers={"retry-after": wait} if wait else {}, request=request)
    message = f"Incorrect API key provided: {client.api_key}."
    return APIStatusError(message, response=response, body={"message": message, "code": "invalid_api_key"})


def _seen_failure(module: ModuleType, to_failure: Any, error: APIStatusError) -> dict[str, Any]:
    import os
    from datetime import timedelta

    from temporalio.exceptions import ApplicationError

    seen: dict[str, Any] = {
        "status": error.status_code,
        "wait": error.response.headers.get("retry-after", ""),
        "place": place_of(module, to_failure),
        "raised": "",
    }
    try:
        failure = to_failure(error)
    except Exception as problem:
        told = f"{type(problem).__name__}: {problem}"
        return seen | {"raised": told, "right_kind": isinstance(problem, ApplicationError)}
    if not isinstance(failure, ApplicationError):
        return seen | {"described": describe(failure)}
    delay = failure.next_retry_delay
    fits = delay is None or isinstance(delay, timedelta)
    key = os.environ["OPENAI_API_KEY"]
    return seen | {
        "final": failure.non_retryable,
        "delay": delay.total_seconds() if delay is not None and fits else None,
        "unfit_delay": "" if fits else describe(delay),
        "leaks": any(key in str(part) for part in (failure.message, *failure.details)),
        "message": failure.message.replace(key, "(the key)"),
    }


# --- 3.2 ---------------------------------------------------------------------------------------------

_REQUEST = {
    "instructions": "Use your tools when they fit the question. Otherwise answer with a haiku.",
    "input": [{"role": "user", "content": "What does the river dream of?"}],
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
    "3.2",
    file=f"{FOLDER}/model.py",
    proves="One attempt is one request, it reports that it is alive, and its errors say what comes next.",
    hints=(
        "Three things surround the request: who retries, who hears that it is still alive, and who is told "
        "what kind of error it was. Which line does each?",
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
        name = await bench.run(_probe_model_calls, _REQUEST, bench.scope)
        reply, tried, refused = [await _only_call(bench, name) for name in _MODEL_CALLS]
        _judge_request(bench, reply, name)
        _judge_attempts(bench.meter().model.arrived, reply, tried, refused)
        bench.gateway.clear_faults()
        bench.fault("model", "rate_limit", retry_after=2, calls=1)
        bench.fault("model", "refuse", calls=1)
        bench.fault("model", "delay", delay=0.7)
        seen = await bench.run(_probe_alone, _REQUEST)
    if seen["delay"] != 2:
        raise NotYet(
            "a rate limit with `retry-after: 2` to set the next attempt's delay to 2 s",
            f"{seen['raised']}, and "
            + ("no delay" if seen["delay"] is None else f"a delay of {seen['delay']:g} s"),
            f"{_CALL}: what becomes of an APIStatusError",
        )
    if seen["unanswered"]:
        raise NotYet(
            "another attempt where the service is out of reach: the client's own APIConnectionError as it is",
            seen["unanswered"],
            f"{_CALL}: what it catches; an error without a status is no case for `to_failure`",
        )
    if seen["beats"] < 2:
        raise NotYet(
            "heartbeats for as long as the model takes",
            f"{seen['beats'] or 'none'}, though the model took as long as four should",
            f"{_CALL}: `async with heartbeats():` around an awaited request",
        )
    return ""


_MODEL_CALLS = ("reply", "tried", "refused")


async def _probe_model_calls(module: ModuleType, request: dict[str, Any], prefix: str) -> Any:
    from temporalio.client import WorkflowFailureError

    from .lesson3_workflows import OneModelCall

    call_model = need_activity(module, "call_model")
    async with running_worker(workflows=[OneModelCall], activities=[call_model]) as client:
        for name in _MODEL_CALLS:
            handle = await client.start_workflow(
                "OneModelCall", request, id=f"{prefix}-{name}", task_queue=task_queue()
            )
            with contextlib.suppress(WorkflowFailureError):
                await handle.result()
    return module.MODEL


async def _only_call(bench: Bench, name: str) -> ActivityRun:
    (call,) = await activity_runs(await handle_of(bench, f"{bench.scope}-{name}"))
    return call


def _judge_attempts(requests: int, reply: ActivityRun, tried: ActivityRun, refused: ActivityRun) -> None:
    """How often each call was attempted, and whether the client has retried, too."""
    attempts = reply.attempts + tried.attempts + refused.attempts
    if requests != attempts:
        raise NotYet(
            "one request in each attempt, also when the service answers 500",
            f"{requests} requests in {attempts} attempts: the client retries, too",
            "`client`: the argument `max_retries`",
        )
    if tried.attempts == 1:
        raise NotYet("another attempt after a 500", f"one only: {tried.problem}", tried.line or _CALL)
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


async def _probe_alone(module: ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import replace
    from datetime import timedelta

    from openai import APIConnectionError
    from temporalio.exceptions import ApplicationError
    from temporalio.testing import ActivityEnvironment

    asked = importlib.import_module("my.native_agent.messages").ModelRequest(**request)
    seen: dict[str, Any] = {"raised": "it raised nothing", "delay": None}
    beats = []
    environment = ActivityEnvironment()
    try:
        await environment.run(module.call_model, asked)
    except Exception as error:
        seen["raised"] = f"it raised {type(error).__name__}"
        if isinstance(error, ApplicationError) and error.next_retry_delay is not None:
            seen["delay"] = error.next_retry_delay.total_seconds()
    try:
        await environment.run(module.call_model, asked)
        seen["unanswered"] = "it raised nothing"
    except Exception as error:
        again = not error.non_retryable if isinstance(error, ApplicationError) else False
        fits = again or isinstance(error, APIConnectionError)
        seen["unanswered"] = "" if fits else f"{type(error).__name__}: {error}"
    # The lesson's `heartbeats` beats twice in this time.
    environment.info = replace(environment.info, heartbeat_timeout=timedelta(seconds=0.4))
    environment.on_heartbeat = lambda *details: beats.append(details)
    await environment.run(module.call_model, asked)
    return seen | {"beats": len(beats)}


# --- 3.3 ---------------------------------------------------------------------------------------------

_TOOLS: dict[str, tuple[str, dict[str, str], Service]] = {
    "get_weather_alerts": ("WeatherAlerts", {"state": "CA"}, "weather"),
    "get_location_info": ("LocationInfo", {"ipaddress": "203.0.113.7"}, "geo"),
    "get_ip_address": ("IpAddress", {}, "ip"),
}


@exercise(
    "3.3",
    file=f"{FOLDER}/weather_tools.py",
    proves="The model can read what each tool is for and what it needs, and each asks its own service.",
    hints=(
        "What of `WeatherAlerts` does the model read, and what runs?",
        "A Pydantic model: its docstring, and `name: type = Field(description=...)` for each argument: "
        f"{_OPENAI}/guides/function-calling",
        'class LocationInfo(BaseModel):\n    """Get the place ..."""\n\n'
        '    ipaddress: str = Field(description="...")\n\n    async def run(self) -> str:\n'
        "        return await get_location_info(self.ipaddress)",
    ),
    timeout=40,
)
async def weather_tools(bench: Bench) -> str:
    """The three schemas as they are sent, and what `run` asks the services for."""
    with project(bench):
        outputs = await bench.run(_probe_tools)
    for name, (kind, arguments, service) in _TOOLS.items():
        paths = [path.rpartition("/")[2] for path in bench.service_paths(service)]
        value = "".join(arguments.values())
        if not paths or (value and value not in paths):
            call = f"{kind}({', '.join(f'{key}={one!r}' for key, one in arguments.items())}).run()"
            raise NotYet(
                f"{call} to ask the {service} service" + (f" about {value}" if value else ""),
                f"it was asked about {', '.join(paths)}" if paths else "it was not asked",
                f"class {kind}, `run`",
            )
        if not outputs[name]["text"]:
            raise NotYet(
                f"`run` to return what {name} returned", outputs[name]["described"], f"class {kind}, `run`"
            )
    return ""


async def _probe_tools(module: ModuleType) -> dict[str, Any]:
    tools = need(module, "TOOLS", dict, "a dict with the three tools")
    for name in _TOOLS:
        if name not in tools:
            raise NotYet(f"the tool {name}", "it is not in TOOLS", f"{place_of(module)}: TOOLS")
        _need_run(module, tools[name])
    schemas = _schemas()
    outputs = {}
    for name, (kind, arguments, _) in _TOOLS.items():
        _judge_schema(schemas[name], f"class {kind}", dict.fromkeys(arguments, "string"))
        output = await tools[name](**arguments).run()
        outputs[name] = {"text": output if isinstance(output, str) else "", "described": describe(output)}
    return outputs


def _judge_schema(schema: dict[str, Any], look: str, fields: dict[str, str] | None = None) -> None:
    """A tool as the model reads it: a description, and the fields, each with its type and a description."""
    name = schema["name"]
    if not (schema.get("description") or "").strip():
        raise NotYet(f"a description of the tool {name}", "none: the class has no docstring", look)
    found: dict[str, Any] = schema["parameters"].get("properties", {})
    if fields is not None and set(found) != set(fields):
        raise NotYet(
            f"{name} to have the fields {', '.join(fields)}" if fields else f"{name} to have no fields",
            ", ".join(found) or "none",
            look,
        )
    for field, described in found.items():
        kind = (fields or {}).get(field)
        if kind and described.get("type") != kind:
            raise NotYet(f"{name}: {field} to be of type {kind}", f"{described.get('type', 'none')}", look)
        if not (described.get("description") or "").strip():
            raise NotYet(
                f"{name}: a description of {field}",
                "none in the schema",
                f"{look}: `{field}: ... = Field(description=...)`",
            )


def _schemas() -> dict[str, dict[str, Any]]:
    """In the child: what the model reads about each tool, as the project's toolset tells it."""
    tools = importlib.import_module("my.native_agent.toolset").get_tools()
    return {tool["name"]: tool for tool in tools}


def _need_run(module: ModuleType, tool: Any) -> None:
    """In the child: make sure that a tool's class has an async method ``run``.

    Raises:
        NotYet: it has not, or the tool is no such class.
    """
    from pydantic import BaseModel

    if not (inspect.isclass(tool) and issubclass(tool, BaseModel)):
        got = f"class {tool.__name__} is not" if inspect.isclass(tool) else describe(tool)
        raise NotYet("each tool a class made from BaseModel", got, place_of(module))
    run = getattr(tool, "run", None)
    if run is None or not inspect.iscoroutinefunction(run):
        raise NotYet(
            f"`async def run(self) -> str` in class {tool.__name__}",
            "no `run`" if run is None else "a plain `def`",
            place_of(module, run) if run else f"{place_of(module)}, class {tool.__name__}",
        )
    need_free_loop(module, run)


# --- 3.4 ---------------------------------------------------------------------------------------------

_UNFIT = (
    ("{}", "an argument is missing"),
    ("state is CA", "the arguments are not JSON"),
    ('{"state": 5}', "an argument has the wrong type"),
)


@exercise(
    "3.4",
    file=f"{FOLDER}/tool_activity.py",
    proves="One activity served every tool by its name; what can never work was tried once, what may work again.",
    hints=(
        "Three things can go wrong: no such tool, arguments that do not fit, a tool that fails. "
        "Which of them may go better next time?",
        "`raise ApplicationError(message, non_retryable=True)` in an `except` for KeyError and one for "
        f"ValidationError: {_TEMPORAL}/develop/python/activities/dynamic-activity",
        "try:\n    tool = get_handler(name).model_validate_json(text)\nexcept KeyError:\n"
        '    raise ApplicationError(f"there is no tool named {name}", non_retryable=True) from None\n'
        "except ValidationError as error:\n    ...\nreturn await tool.run()",
    ),
    timeout=90,
)
async def tool_activity(bench: Bench) -> str:
    """Every tool by name, a name that no tool has, arguments that do not fit, and a service that is down."""
    good = [(name, json.dumps(arguments)) for name, (_, arguments, _) in _TOOLS.items()]
    bad = [("get_weather_alerts", text) for text, _ in _UNFIT]
    calls = [*good, ("get_horoscope", "{}"), *bad, ("get_weather_alerts", '{"state": "TX"}')]
    with project(bench), bench.fault("weather", "server_error", after=1):
        await bench.run(_probe_tool_calls, calls, bench.scope)
    runs = await activity_runs(await handle_of(bench))
    served, unknown, unfit, down = runs[:3], runs[3], runs[4:7], runs[7]
    for one, (_, _, service) in zip(served, _TOOLS.values(), strict=True):
        if one.ended != "completed" or not isinstance(one.output, str):
            got = describe(one.output) if one.ended == "completed" else f"it failed: {one.problem}"
            raise NotYet(f"a text from the activity {one.name}", got, one.line or "`use_tool`")
        if not bench.service_paths(service):
            raise NotYet(
                f"{one.name} to ask the {service} service",
                "it was not asked",
                "`use_tool`: `await tool.run()`",
            )
    _judge_final(unknown, "a tool that does not exist", "the name that does not exist", "get_horoscope")
    for one, (text, case) in zip(unfit, _UNFIT, strict=True):
        mentioned = "what was wrong with `state`" if "JSON" not in case else ""
        _judge_final(one, f"the arguments {text}: {case}", mentioned, "state" if mentioned else "")
    if down.ended == "completed" or down.attempts < 2:
        raise NotYet(
            "a second attempt of a tool whose service is down",
            f"{'an output' if down.ended == 'completed' else 'one attempt'}: {down.output or down.problem}",
            "`use_tool`: which errors it catches",
        )
    return ""


def _judge_final(one: ActivityRun, case: str, mentions: str, word: str) -> None:
    """A tool call that can never work: one attempt, and a message that helps the model."""
    if one.ended == "completed":
        raise NotYet(f"the activity to fail for {case}", f"it returned {one.output!r}", "`use_tool`")
    if one.attempts != 1:
        raise NotYet(
            f"one attempt for {case}",
            f"{one.attempts}, the last with {one.problem}",
            "`use_tool`: which errors it catches, and `non_retryable`",
        )
    if not one.message.strip() or (word and word not in one.message):
        raise NotYet(
            f"for {case}: a message for the model that tells {mentions or 'what was wrong'}",
            repr(one.message),
            "`use_tool`: the message of the ApplicationError",
        )


async def _probe_tool_calls(module: ModuleType, calls: list[list[str]], workflow_id: str) -> None:
    from .lesson3_workflows import ToolCalls

    use_tool = need_activity(module, "use_tool")
    async with running_worker(workflows=[ToolCalls], activities=[use_tool]) as client:
        handle = await client.start_workflow("ToolCalls", calls, id=workflow_id, task_queue=task_queue())
        await result_of(handle, "`use_tool`", what="each tool call", timeout=45)


# --- 3.5 ---------------------------------------------------------------------------------------------

_ANSWER = "`answer`"


@exercise(
    "3.5",
    file=f"{FOLDER}/tool_calls.py",
    proves="The model learns what a tool returned or why it failed, and a cancelled run ends as cancelled.",
    hints=(
        'The error that arrives says "Activity task failed". Where are the tool\'s own words?',
        "`except ActivityError as error`: its `cause` is what the activity raised. Before anything else, "
        f"`is_cancelled_exception(error)`: {_TEMPORAL}/develop/python/cancellation",
        'try:\n    output = await workflow.execute_activity(call["name"], call["arguments"], result_type=str,\n'
        "        start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)\nexcept ActivityError as error:\n"
        '    if is_cancelled_exception(error):\n        raise\n    output = f"... {error.cause}"',
    ),
    timeout=90,
)
async def tool_calls(bench: Bench) -> str:
    """Three calls at once, to a tool that answers and two that fail; then a run that is cancelled meanwhile."""
    names = ("echo", "broken", "picky")
    answers = await bench.run(_probe_answers, [_call(name) for name in names], bench.scope)
    runs = {one.name: one for one in await activity_runs(await handle_of(bench))}
    for name, answered in zip(names, answers, strict=True):
        _judge_answer(name, answered, runs.get(name))
    ended = await bench.run(_probe_cancelled, _call("slow"), f"{bench.scope}-cancelled")
    if ended != "cancelled":
        raise NotYet(
            "a run that is cancelled to end as cancelled",
            f"it ended as {ended}",
            f"{_ANSWER}: `is_cancelled_exception(error)` comes first",
        )
    return ""


def _call(name: str) -> dict[str, str]:
    arguments = json.dumps({"state": "CA"})
    return {"type": "function_call", "call_id": f"call_{name}", "name": name, "arguments": arguments}


def _judge_answer(name: str, answered: Any, run: ActivityRun | None) -> None:
    from .lesson3_workflows import BROKEN, PICKY

    if run is None or list(run.input) != [_call(name)["arguments"]]:
        raise NotYet(
            f"an activity {name} that is given the call's arguments",
            f"the arguments {list(run.input)}" if run else "no activity of that name",
            f"{_ANSWER}: the first two arguments of `execute_activity`",
        )
    output = answered.get("output") if isinstance(answered, dict) else None
    if name == "echo" and output != _call(name)["arguments"]:
        raise NotYet("what the tool returned as the output", describe(output), _ANSWER)
    wanted = {"echo": "", "broken": BROKEN, "picky": PICKY}[name]
    if not isinstance(output, str):
        raise NotYet("an output that is a text, for the model to read", describe(output), _ANSWER)
    if wanted not in str(output):
        raise NotYet(
            f"an output that holds the tool's own message: {wanted!r}",
            describe(output),
            f"{_ANSWER}: the `cause` of the ActivityError",
        )
    attempts = 3 if name == "broken" else 1
    if run.attempts != attempts:
        what = "a tool that fails" if name == "broken" else "a ValueError"
        raise NotYet(
            f"{attempts} attempt{'s' if attempts > 1 else ''} for {what}",
            f"{run.attempts}",
            f"{_ANSWER}: `retry_policy=ATTEMPTS`",
        )
    if answered.get("call_id") != _call(name)["call_id"]:
        raise NotYet(f"the call_id of the call, {_call(name)['call_id']}", describe(answered), _ANSWER)


async def _probe_answers(module: ModuleType, calls: list[dict[str, str]], workflow_id: str) -> Any:
    from .lesson3_workflows import Answers, any_tool

    need_function(module, "answer", is_async=True)
    async with running_worker(workflows=[Answers], activities=[any_tool]) as client:
        handle = await client.start_workflow("Answers", calls, id=workflow_id, task_queue=task_queue())
        return await result_of(handle, _ANSWER, what="each call to be answered, and the run", timeout=45)


async def _probe_cancelled(module: ModuleType, call: dict[str, str], workflow_id: str) -> str:
    from .lesson3_workflows import Answers, any_tool

    async with running_worker(workflows=[Answers], activities=[any_tool]) as client:
        handle = await client.start_workflow("Answers", [call], id=workflow_id, task_queue=task_queue())
        async with asyncio.timeout(45):
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.HasField("activity_task_scheduled_event_attributes"):
                    break
        await handle.cancel()
        return await ending_of(handle, _ANSWER, what="the cancelled run", timeout=45)


# --- 3.6 ---------------------------------------------------------------------------------------------

_LOOP = "the loop in `run`"
_MODEL, _ALERTS, _LOCATION, _ADDRESS = (
    "call_model",
    "get_weather_alerts",
    "get_location_info",
    "get_ip_address",
)

# Question, turn limit, activities; a tuple among them: at the same time, in any order.
_ASKED: tuple[tuple[str, int, tuple[str | tuple[str, ...], ...]], ...] = (
    ("What does the river dream of?", 10, (_MODEL,)),
    (CALIFORNIA, 10, (_MODEL, _ALERTS, _MODEL)),
    ("Are there any weather alerts in California and in Texas?", 10, (_MODEL, (_ALERTS, _ALERTS), _MODEL)),
    # As many turns as it needs: the limit itself is allowed.
    (WHERE_I_AM, 4, (_MODEL, _ADDRESS, _MODEL, _LOCATION, _MODEL, _ALERTS, _MODEL)),
)


@exercise(
    "3.6",
    file=f"{FOLDER}/workflow.py",
    proves="The model decided each step, the loop kept the conversation, and the turn limit is the caller's to see.",
    hints=(
        "Say one turn in words: ask, then ... until ... At which two points is it over?",
        "`for _ in range(question.max_turns):` with `await ask(conversation)`; "
        "`await asyncio.gather(*[answer(call) for call in calls])` works in a workflow: "
        f"{_TEMPORAL}/develop/python/workflows/basics",
        "for _ in range(question.max_turns):\n    reply = await ask(conversation)\n"
        '    calls = [item for item in reply.items if item["type"] == "function_call"]\n'
        "    if not calls:\n        return ...\n    conversation += reply.items\n"
        "    conversation += await asyncio.gather(...)\n"
        'raise ApplicationError("...", type="TurnLimit")',
    ),
    timeout=90,
)
async def workflow(bench: Bench) -> str:
    """Questions of one, two and four turns, one with two tool calls at once, and one that runs out of turns."""
    with project(bench):
        *all_asked, stopped = await ask(
            bench, [*((text, turns) for text, turns, _ in _ASKED), (WHERE_I_AM, 2)], _LOOP
        )
        (talkative,) = await ask(bench, [(CALIFORNIA, 2)], _LOOP, model=TALKATIVE)
    for asked, (_, limit, steps) in zip(all_asked, _ASKED, strict=True):
        _judge_run(asked, limit, steps)
    _judge_stopped(stopped)
    _judge_talkative(talkative)
    for asked in (*all_asked, stopped):
        judge_replays(asked, "`run`: the same history must lead it along the same path")
    return f"The four turns of the last question: {all_asked[-1].steps}"


def _judge_run(asked: Asked, limit: int, steps: tuple[str | tuple[str, ...], ...]) -> None:
    judge_conversation(asked, f"{_LOOP}: what is added to `conversation`")
    if asked.kind == "TurnLimit":
        raise NotYet(
            f'"{asked.question}" to be answered within {limit} turns',
            f"{asked.why}, after {_count(asked)}",
            f"{_LOOP}: how many turns `max_turns` allows, and what ends it",
        )
    judge_tools_answered(asked, "the tools of exercises 3.3 and 3.4")
    judge_ended(asked, _LOOP)
    at = 0
    for step in steps:
        names = (step,) if isinstance(step, str) else step
        now = asked.activities[at : at + len(names)]
        at += len(names)
        if sorted(one.name for one in now) != sorted(names):
            raise _not_the_steps(asked, steps)
        if len({one.asked_by for one in now}) > 1:
            raise NotYet(
                f"the calls of one reply to run at the same time: {', '.join(names)}",
                "one after the other: the second was asked for when the first had completed",
                f"{_LOOP}: `asyncio.gather`",
            )
    if at != len(asked.activities):
        raise _not_the_steps(asked, steps)
    judge_answer(asked, _LOOP)


def _judge_talkative(asked: Asked) -> None:
    """The first reply holds a thought and a text beside its call, as real models' replies often do."""
    if [one.name for one in asked.activities] != [_MODEL, _ALERTS, _MODEL]:
        raise NotYet(
            "a reply whose items are reasoning, message and function_call to lead to one tool call",
            f"{asked.steps}; {asked.why or 'it returned ' + describe(asked.answer)}",
            f'{_LOOP}: the tool calls are the items whose "type" is "function_call", and only without any is it over',
        )
    judge_conversation(asked, f"{_LOOP}: what is added to `conversation`")
    judge_answer(asked, _LOOP)


def _not_the_steps(asked: Asked, steps: tuple[str | tuple[str, ...], ...]) -> NotYet:
    told = ", ".join(step if isinstance(step, str) else " and ".join(step) for step in steps)
    return NotYet(f'for "{asked.question}" the activities {told}', asked.steps, _LOOP)


def _judge_stopped(asked: Asked) -> None:
    """Two turns for a question that needs four."""
    look = f"{_LOOP}: what happens after `question.max_turns` turns"
    if len(asked.model_calls) != 2:
        raise NotYet("two model calls where max_turns is 2", f"{_count(asked)}", look)
    if asked.ended == "completed":
        raise NotYet(
            "the run to fail with an ApplicationError of type TurnLimit, so that the caller sees it",
            f"it completed: {describe(asked.answer)}",
            look,
        )
    if asked.kind != "TurnLimit":
        raise NotYet(
            "an ApplicationError of type TurnLimit",
            asked.why + (f", of type {asked.kind}" if asked.kind else ", without a type"),
            look,
        )


def _count(asked: Asked) -> str:
    number = len(asked.model_calls)
    return f"{number} model call{'' if number == 1 else 's'}"


# --- 3.7 ---------------------------------------------------------------------------------------------

_PARTS = "the files of exercises 3.1 to 3.6: do their checks pass?"


@exercise(
    "3.7",
    file=f"{FOLDER}/prediction.py",
    proves="The worker was killed in mid-run, and nothing that had been paid for was paid for again.",
    hints=(
        "Where is what the first worker knew when it died?",
        "A completed activity's result is read from the history; one in flight is started again: "
        f"{_TEMPORAL}/encyclopedia/detecting-activity-failures",
        "paid_calls = ...  (as many as the question has turns)\nrepeated_calls = 0\nip_lookups = ...",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: half a minute at most",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker in its third model call, start another, compare meter and prediction."""
    predicted = await bench.run(probe_numbers, ["paid_calls", "repeated_calls", "ip_lookups"])
    worker = f"{FOLDER}/worker.py"
    with project(bench):
        with bench.fault("model", "delay", after=2, delay=60) as held:
            first = await bench.process(worker)
            question = {"text": WHERE_I_AM, "max_turns": 10}
            handle = await start_run(bench, "AgentWorkflow", question, queue="native-agent")
            third = "the third model call"
            await beside(handle, held.hit(timeout=40), _PARTS, expected=third, process=first, timeout=40)
            first.kill()
        await result_of(handle, _PARTS, process=await bench.process(worker), timeout=40)
    meter = bench.meter()
    return judge_numbers(
        predicted,
        {
            "paid_calls": meter.model.completed,
            "repeated_calls": meter.model.repeats,
            "ip_lookups": meter.services.get("ip", 0),
        },
    )


# --- 3.8 ---------------------------------------------------------------------------------------------


@exercise(
    "3.8",
    file=f"{FOLDER}/random_tools.py",
    proves="The same loop and the same activity served another set of tools, and each number stands in the history.",
    hints=(
        "Which of the three weather tools is most like it, if that had two arguments?",
        "Two fields with `Field(description=...)`, and in `run`: `random.randint(low, high)`, a text as the result: "
        f"{_OPENAI}/guides/function-calling",
        'class RandomNumber(BaseModel):\n    """Get a random whole number ..."""\n\n'
        '    low: int = Field(description="...")\n    high: int = Field(description="...")\n\n'
        "    async def run(self) -> str:\n        if self.low > self.high:\n            raise ValueError(...)\n"
        "        return str(random.randint(...))",
    ),
    timeout=90,
)
async def random_tools(bench: Bench) -> str:
    """The tool alone, then as the only tool of the agent: twice with a range, once with none."""
    look = "class RandomNumber"
    questions = [
        ("Give me a random number between 17 and 19.", 5),
        ("Give me a random number between 300 and 900.", 5),
        ("Give me a random number between 9 and 4.", 5),
    ]
    with project(bench, tools="random_tools"):
        await bench.run(_probe_random)
        *ranges, nothing = await ask(bench, questions, look)
    for asked, (low, high) in zip(ranges, ((17, 19), (300, 900)), strict=True):
        judge_tools_answered(asked, look)
        judge_answer(asked, "the files of exercises 3.4 to 3.6")
        output = _used(asked, ["random_number"], f"{look}: docstring and fields").output
        if not output.strip().isdecimal() or not low <= int(output) <= high:
            raise NotYet(f"a whole number from {low} to {high}", repr(output), f"{look}, `run`")
    failed = _used(nothing, ["random_number"], f"{look}: docstring and fields")
    if failed.ended != "failed" or failed.attempts != 1:
        raise NotYet(
            "one attempt, and a failure, if low is greater than high",
            f"{failed.attempts} attempts; {failed.problem or describe(failed.output)}",
            f"{look}, `run`",
        )
    if not nothing.model_was_told(failed.message):
        raise NotYet(
            "the model to be told what was wrong",
            f"it was not sent {failed.message!r}",
            "exercise 3.5, `answer`",
        )
    return f"Between 9 and 4 it said: {failed.message}"


_SAYS_SO = re.compile(
    r"low|high|\b[94]\b|\bmin|\bmax|great|larg|small|less|more|exceed|upper|bound|range|order|swap|first|second",
    re.IGNORECASE,
)
"""In a message about the range from 9 to 4: a bound, by name or number, or what is wrong between the two."""


async def _probe_random(module: ModuleType) -> None:
    tool = need(module, "RandomNumber", type, "a class")
    _need_run(module, tool)
    schema = _schemas().get("random_number")
    if schema is None:
        raise NotYet(
            "the tool random_number",
            f"TOOLS has {', '.join(_schemas()) or 'none'}",
            f"{place_of(module)}: TOOLS",
        )
    _judge_schema(schema, "class RandomNumber", {"low": "integer", "high": "integer"})
    place = place_of(module, tool.run)
    drawn = []
    for low, high in [(1, 1000)] * 30 + [(3, 5)] * 20 + [(17, 17)]:
        number = await tool(low=low, high=high).run()
        if not isinstance(number, str):
            raise NotYet("a text from `run`, as its `-> str` says", describe(number), place)
        try:
            fits = low <= int(number) <= high
        except ValueError:
            fits = False
        if not fits:
            raise NotYet(f"a whole number from {low} to {high}", repr(number), place)
        drawn.append(number)
    if len(set(drawn[:30])) == 1:
        raise NotYet("a random number", f"{drawn[0]} thirty times, between 1 and 1000", place)
    try:
        number = await tool(low=9, high=4).run()
    except ValueError as error:
        said = str(error)
        if not said.strip():
            raise NotYet("a ValueError that says what was wrong", "one without a message", place) from None
        if traceback.extract_tb(error.__traceback__)[-1].filename == random.__file__:
            raise NotYet(
                "a ValueError of yours, which says that low is greater than high",
                f"the one of Python's random, which speaks of other numbers: {error}",
                place,
            ) from None
        if not _SAYS_SO.search(said):
            raise NotYet(
                "a ValueError that tells the model that low is greater than high", repr(said), place
            ) from None
        return
    except Exception as error:
        raise NotYet(
            "a ValueError if low is greater than high", f"{type(error).__name__}: {error}", place
        ) from None
    raise NotYet("a ValueError if low is greater than high", describe(number), place)


def _used(asked: Asked, names: list[str], look: str) -> ActivityRun:
    """The first use of one of these tools in a run.

    Raises:
        NotYet: the model used none.
    """
    found = next((one for one in asked.tool_calls if one.name in names), None)
    if found is None:
        raise NotYet(
            f'the tool {" or ".join(names)} in the history of "{asked.question}"',
            f"{asked.steps}; the model answered without it",
            look,
        )
    return found


# --- 3.9 ---------------------------------------------------------------------------------------------


@exercise(
    "3.9",
    file=f"{FOLDER}/own_tools.py",
    proves="An agent with a tool of your own: nothing but its file is new.",
    hints=(
        "What would you look up or compute for somebody who asks? What do you need to know from them?",
        "The practice model goes by words that question, name, description and fields share, and takes the "
        f"arguments from the question: {_OPENAI}/guides/function-calling",
        'QUESTION = "How many letters are in the word durable?"\n\n\nclass CountLetters(BaseModel):\n'
        '    """Count the letters in a word."""\n\n    word: str = Field(description="The word to count.")\n\n'
        "    async def run(self) -> str:\n        return ...\n\n\n"
        'TOOLS = {"count_letters": CountLetters}',
    ),
    timeout=90,
)
async def own_tools(bench: Bench) -> str:
    """The learner's question, asked of an agent that has the learner's tool only."""
    with project(bench, tools="own_tools"):
        told = await bench.run(_probe_own)
        for schema in told["schemas"].values():
            _judge_schema(schema, f"the class of {schema['name']}")
            if not schema["parameters"].get("properties"):
                raise NotYet(f"{schema['name']} to have at least one argument", "none", "the class's fields")
        (asked,) = await ask(bench, [(told["question"], 6)], "the tool's `run`, and what it returns")
    used = _used(
        asked,
        list(told["schemas"]),
        "QUESTION: does it use words of the tool's name and description, and name each argument?",
    )
    judge_tools_answered(asked, "the tool's `run`")
    judge_answer(asked, "the files of exercises 3.4 to 3.6")
    if not asked.model_was_told(used.output):
        raise NotYet(
            f"the model to be sent what the tool returned: {used.output!r}",
            "it was not",
            "exercises 3.5 and 3.6",
        )
    return (
        f"The model called {used.name} with {', '.join(map(str, used.input))}, and was told what it returned."
    )


def _probe_own(module: ModuleType) -> dict[str, Any]:
    question = need(module, "QUESTION", str, "a text")
    tools = need(module, "TOOLS", dict, "a dict with your tool")
    if not question.strip():
        raise NotYet("`QUESTION`, a question that needs your tool", "an empty text", place_of(module))
    if not tools:
        raise NotYet("`TOOLS` with your tool in it", "an empty dict", place_of(module))
    for tool in tools.values():
        _need_run(module, tool)
    return {"question": question, "schemas": _schemas()}
