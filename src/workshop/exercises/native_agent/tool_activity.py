"""One activity for every tool, by the tool's name."""

from __future__ import annotations

import importlib
import json
import re
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from workshop.checks.bench import Bench, NotYet, describe
from workshop.checks.endings import result_of
from workshop.checks.histories import ActivityRun, activity_runs
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, need_activity, running_worker, task_queue
from workshop.exercises.native_agent.project import project
from workshop.exercises.native_agent.tools import WEATHER_TOOLS

_TEMPORAL = "https://docs.temporal.io"

_UNFIT = (
    ("{}", "an argument is missing"),
    ("state is CA", "the arguments are not JSON"),
    ('{"state": 5}', "an argument has the wrong type"),
)
_OF_THE_TOOLS_OWN = {
    "mislaid": "a KeyError",
    "misread": "a ValidationError",
}
"""Tools of the check's that fail once, in `run`, and what they raise there."""


@exercise(
    proves="One activity served every tool by its name; a bad call was tried once, and a failing tool was tried again.",
    hints=(
        "Three things can go wrong: no such tool, arguments that do not fit, a tool that fails. "
        "Which of them may succeed next time?",
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
    good = [(name, json.dumps(arguments)) for name, (_, arguments, _) in WEATHER_TOOLS.items()]
    bad = [("get_weather_alerts", text) for text, _ in _UNFIT]
    odd = [(name, "{}") for name in _OF_THE_TOOLS_OWN]
    calls = [*good, ("get_horoscope", "{}"), *bad, ("get_weather_alerts", '{"state": "TX"}'), *odd]
    with project(bench), bench.fault("weather", "server_error", after=1):
        await bench.run(_probe_tool_calls, calls, bench.scope)
    runs = await activity_runs(await handle_of(bench), "my/native_agent/tool_activity.py")
    served, unknown, unfit, down = runs[:3], runs[3], runs[4:7], runs[7]
    for one, (_, _, service) in zip(served, WEATHER_TOOLS.values(), strict=True):
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
    for one, raised in zip(runs[8:], _OF_THE_TOOLS_OWN.values(), strict=True):
        if one.attempts < 2:
            raise NotYet(
                f"a second attempt when an existing tool, with arguments that fit, raises {raised} in `run`",
                f"one attempt: {one.problem or describe(one.output)}",
                "`use_tool`: put `await tool.run()` after the `try` that catches the two errors",
            )
    return ""


def _judge_final(one: ActivityRun, case: str, mentions: str, word: str) -> None:
    """A tool call that can never work: one attempt, and a message that helps the model."""
    if one.ended == "completed":
        raise NotYet(f"the activity to fail for {case}", f"it returned {one.output!r}", "`use_tool`")
    if one.attempts != 1:
        raise NotYet(
            f"one attempt for {case}: `raise ApplicationError(..., non_retryable=True)`",
            f"{one.attempts}, the last with {one.problem}",
            one.line or "`use_tool`: which errors it catches, and `non_retryable`",
        )
    if not one.message.strip() or (word and word not in one.message):
        raise NotYet(
            f"for {case}: a message for the model that tells {mentions or 'what was wrong'}",
            one.message or "none",
            "`use_tool`: the message of the ApplicationError",
        )
    if word and not re.search(r"\w{2}", one.message.replace(word, "")):
        raise NotYet(
            f"for {case}: a message that says what is wrong with {word}",
            f"{one.message}, and nothing else: the text of a KeyError is only the key",
            "`use_tool`: the message of the ApplicationError",
        )


async def _probe_tool_calls(module: ModuleType, calls: list[list[str]], workflow_id: str) -> None:
    from workshop.exercises.native_agent.counterparts import ToolCalls

    use_tool = need_activity(module, "use_tool")
    toolset: Any = importlib.import_module("my.native_agent.toolset")
    toolset.TOOLS = {**toolset.TOOLS, "mislaid": _Mislaid, "misread": _Misread}
    async with running_worker(workflows=[ToolCalls], activities=[use_tool]) as client:
        handle = await client.start_workflow("ToolCalls", calls, id=workflow_id, task_queue=task_queue())
        await result_of(handle, "`use_tool`", what="each tool call", timeout=45)


class _Mislaid(BaseModel):
    """A tool whose own code does not find something, the first time."""

    async def run(self) -> str:
        """Fail in the first attempt."""
        from temporalio import activity

        return "found" if activity.info().attempt > 1 else {"map": "here"}["compass"]


class _Misread(BaseModel):
    """A tool that reads something of its own that does not fit, the first time."""

    async def run(self) -> str:
        """Fail in the first attempt."""
        from temporalio import activity

        if activity.info().attempt == 1:
            _Misread.model_validate_json("no JSON")
        return "read"
