"""A tool that runs in the workflow itself: it tells the workflow's time, so that a replay tells the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.agent_runs import MODEL_CALL, judge_result, last_told, run_ids, start_all, told_to
from workshop.checks.agent_workers import plugin
from workshop.checks.bench import Bench, NotYet, need
from workshop.checks.endings import result_of
from workshop.checks.histories import activity_runs
from workshop.checks.outcomes import shorten
from workshop.checks.registry import exercise
from workshop.checks.workflows import handle_of, running_worker
from workshop.exercises.documentation import AGENTS_SDK

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


@exercise(
    proves="The model was told the workflow's time, and the history holds no activity for it.",
    hints=(
        "How does this tool differ from the one in trap.py? You only have to add one word.",
        f"`@function_tool` above an `async def`: {AGENTS_SDK}/tools/; and `workflow.now()`, not `datetime.now()`.",
        '@function_tool\nasync def get_time() -> str:\n    """Get the current time."""\n'
        "    return workflow.now()...",
    ),
    timeout=60,
)
async def clock(bench: Bench) -> str:
    """The agent is asked for the time; on replay of an older history, the tool tells that history's time."""
    name = "clock"
    seen = await bench.run(_probe_clock, run_ids(bench, {name: "What time is it?"}))
    handle = await handle_of(bench, f"{bench.scope}-{name}")
    runs = await activity_runs(handle)
    if tools := [run.name for run in runs if run.name != MODEL_CALL]:
        raise NotYet("no activity for the time", f"the activity {tools[0]}", "`get_time`: a @function_tool")
    if not told_to(runs):
        raise NotYet("the model to use the tool", "it did not", "`get_time`: its name and its docstring")
    told = last_told(runs)
    if "Cannot access" in told:
        # What the sandbox says of datetime.now(); the SDK does not let it reach the workflow.
        raise NotYet(
            "the time of the workflow",
            f"the sandbox refused what the tool does, and the SDK told only the model: {shorten(told, 160)!r}",
            "`get_time`: `workflow.now()`",
        )
    if told.startswith(_FAILED):
        why = told.rpartition("Error:")[2].strip()
        raise NotYet(
            "`get_time` to return the workflow's time",
            f"it failed, and the SDK told only the model: {why}"
            if why
            else "it failed without a message: a plain `def`, like anything sent to a thread, needs a thread, and a"
            " workflow has none",
            "`get_time`: an `async def` that calls `workflow.now()`",
        )
    if seen["kind"] != "str":
        got = "None" if seen["kind"] == "NoneType" else f"a {seen['kind']}"
        raise NotYet("a `str` from `get_time`", got, "`get_time`: its `return`")
    moments = await _task_starts(handle)
    if not _is_time(told, moments) and not _has_month(told, moments[0]):
        raise NotYet(
            "the model to be told the workflow's time, with hours and minutes as in 14:05",
            f"it was told {told!r}",
            "`get_time`: an `async def` that returns workflow.now() as a str",
        )
    before = ""
    asked = [(moments[0] - days, moments[1] - days + _LATER) for days in _OLDER]
    months = [_has_month(said, now) for said, (_, now) in zip(seen["replayed"], asked, strict=True)]
    for days, said, (began, now) in zip(_OLDER, seen["replayed"], asked, strict=True):
        if not _is_time(said, [now]):
            got = "another clock's time"
            if all(months):
                got = "the month (`%m`) stands where the minutes (`%M`) belong"
            elif _is_time(said, [began]):
                got = "the time at which the run began"
            elif said == before:
                got = "what it told in another run"
            raise NotYet(
                f"replay of a run of {days.days} days ago to tell the time at which that run asked",
                f"it tells {said!r}: {got}",
                "`get_time`: `workflow.now()`",
            )
        before = said
    judge_result(seen["results"][name], runs)
    return ""  # not the time: what a check prints is stored and compared


_FAILED = "An error occurred while running the tool"
"""How the SDK tells the model of a tool that has raised an error."""

_OLDER = (timedelta(days=3, minutes=7), timedelta(days=5, minutes=12))
"""How much older the replayed histories are made. The minutes tell them from today's in every time zone."""

_LATER = timedelta(minutes=4)
"""By how much later each run is made to ask for the time: its beginning is another moment."""


async def _probe_clock(module: ModuleType, questions: dict[str, list[str]]) -> dict[str, Any]:
    """The answer; and what the tool says on replay, when the history is made older than it is."""
    from agents import FunctionTool
    from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

    from workshop.exercises.sdk_agent.stand_ins import anything

    tool = need(module, "get_time", FunctionTool, "a tool: a function with @function_tool above it")
    if "activity_as_tool" in getattr(tool.on_invoke_tool, "__qualname__", ""):
        raise NotYet(
            "a tool that runs in the workflow itself", "an activity as a tool", "`get_time`: a @function_tool"
        )
    if not tool.description.strip():
        raise NotYet(
            "a docstring of `get_time`: it tells the model what the tool is for", "none", "`get_time`"
        )
    async with running_worker(plugins=[plugin()], workflows=[module.Clock], activities=[anything]) as client:
        handles = await start_all(client, "Clock", questions)
        results = {name: await result_of(handle, "`Clock`") for name, handle in handles.items()}
        (handle,) = handles.values()
    said: list[Any] = []
    invoke = tool.on_invoke_tool

    async def overheard(context: Any, arguments: str) -> Any:
        said.append(await invoke(context, arguments))
        return said[-1]

    tool.on_invoke_tool = overheard
    # Without the sandbox, the workflow uses this very tool.
    replayer = Replayer(
        workflows=[module.Clock], plugins=[plugin()], workflow_runner=UnsandboxedWorkflowRunner()
    )
    replayed = []
    for older in _OLDER:
        history = await handle.fetch_history()
        begun = 0
        for event in history.events:
            begun += event.HasField("workflow_task_started_event_attributes")
            moment = event.event_time.ToDatetime() - older + (_LATER if begun > 1 else timedelta())
            event.event_time.FromDatetime(moment)
        said.clear()
        await replayer.replay_workflow(history, raise_on_replay_failure=False)
        replayed.append(said[-1] if said else "")
    return {
        "results": results,
        "replayed": [str(one) for one in replayed],
        "kind": type(replayed[0]).__name__,
    }


async def _task_starts(handle: WorkflowHandle[Any, Any]) -> list[datetime]:
    """The moments that were ``workflow.now()`` in a run, one for each of its workflow tasks."""
    from temporalio.api.enums.v1 import EventType

    return [
        event.event_time.ToDatetime(tzinfo=UTC)
        async for event in handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    ]


_UNIX = re.compile(r"\b\d{10}(\.\d+)?\b")


_MINUTE = re.compile(r"\d:(\d\d)")


_QUARTER = 15
"""Minutes. Time zones differ by a multiple of this, so minutes can be compared in any zone."""


def _is_time(text: str, moments: Sequence[datetime]) -> bool:
    """Whether a text names one of these moments: a clock time in any zone, or seconds since 1970."""
    if unix := _UNIX.search(text):
        return any(abs(float(unix[0]) - one.timestamp()) <= 1 for one in moments)
    minute = _MINUTE.search(text)
    return minute is not None and any((int(minute[1]) - one.minute) % _QUARTER == 0 for one in moments)


def _has_month(text: str, moment: datetime) -> bool:
    """Whether a clock time has the number of the month for its minutes, as ``%H:%m`` gives it."""
    minute = _MINUTE.search(text)
    return minute is not None and int(minute[1]) == moment.month
