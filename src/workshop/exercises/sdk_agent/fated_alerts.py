"""A weather tool with a fate for each state, and a workflow that uses the learner's forgiving tool around it."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from agents import FunctionTool
from agents.tool_context import ToolContext
from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.openai_agents.workflow import activity_as_tool

CLOSED = "The weather service is closed until tomorrow."

_reached: dict[str, asyncio.Event] = {}


def reached(state: str) -> asyncio.Event:
    """Set once :func:`alerts` has been asked for a state."""
    return _reached.setdefault(state, asyncio.Event())


@activity.defn(name="get_weather_alerts")
async def alerts(state: str) -> str:
    """The weather tool, with a fate for each state: TX is closed, NV asks for a long wait, NY never answers."""
    reached(state).set()
    if state in ("TX", "NV"):
        wait = timedelta(minutes=2) if state == "NV" else timedelta(milliseconds=10)
        raise ApplicationError(CLOSED, type="ServiceError", next_retry_delay=wait)
    if state == "NY":
        await asyncio.Event().wait()
    return f"One active weather alert in {state}: Wind Advisory (Moderate)."


@activity.defn
async def look_up_tides(harbor: str) -> str:
    """Another tool, so that the learner's wrapper is seen to use the one that it was given."""
    return f"High tide in {harbor} at noon."


@workflow.defn
class ToolAlone:
    """The learner's forgiving tool, used by a workflow itself.

    ``Runner.run`` ends a cancelled run even where a tool has swallowed the cancellation, so it cannot tell.
    """

    @workflow.run
    async def run(self, state: str) -> str:
        """Ask for the alerts of a state."""
        return str(await _used(_tool(alerts, timedelta(minutes=5)), "state", state))


@workflow.defn
class OtherTools:
    """What the learner's wrapper makes of other tools and other errors."""

    @workflow.run
    async def run(self) -> dict[str, str]:
        """Its answers, by case.

        ``other``: another tool. ``failed``: a tool that fails. ``late``: one that takes too long. ``bug``: one with a
        bug.
        """
        tides = _tool(look_up_tides, timedelta(seconds=15))
        closed = _tool(alerts, timedelta(seconds=15), RetryPolicy(maximum_attempts=1))
        late = _tool(alerts, timedelta(milliseconds=300), RetryPolicy(maximum_attempts=1))
        told = {"other": await _used(tides, "harbor", "Dover"), "failed": await _used(closed, "state", "TX")}
        try:
            told["late"] = await _used(late, "state", "NY")
        except ActivityError:
            told["late"] = None
        try:
            told["bug"] = await _used(dataclasses.replace(tides, on_invoke_tool=_with_bug), "harbor", "Dover")
        except LookupError:
            told["bug"] = None
        return {case: "" if one is None else f"{type(one).__name__}: {one}" for case, one in told.items()}


def _tool(activity: Callable[..., Any], limit: timedelta, retries: RetryPolicy | None = None) -> FunctionTool:
    tool = activity_as_tool(activity, start_to_close_timeout=limit, retry_policy=retries)
    assert isinstance(tool, FunctionTool)  # noqa: S101 - its type is wider than what it returns
    return tool


async def _with_bug(context: ToolContext[None], arguments: str) -> str:
    raise LookupError("a bug, which is nobody's answer")


async def _used(tool: FunctionTool, name: str, value: str) -> Any:
    forgiving = importlib.import_module("my.sdk_agent.forgiving").forgiving
    wrapped = forgiving(tool)
    arguments = json.dumps({name: value})
    context: ToolContext[None] = ToolContext(
        context=None, tool_name=wrapped.name, tool_call_id="call_1", tool_arguments=arguments
    )
    return await wrapped.on_invoke_tool(context, arguments)
