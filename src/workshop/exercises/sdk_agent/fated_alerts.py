"""A weather tool with a fate for each state, and a workflow that uses the learner's forgiving tool around it."""

from __future__ import annotations

import asyncio
import importlib
import json
from datetime import timedelta

from agents.tool_context import ToolContext
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError
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


@workflow.defn
class ToolAlone:
    """The learner's forgiving tool, used by a workflow itself.

    ``Runner.run`` ends a cancelled run even where a tool has swallowed the cancellation, so it cannot tell.
    """

    @workflow.run
    async def run(self, state: str) -> str:
        """Ask for the alerts of a state."""
        forgiving = importlib.import_module("my.sdk_agent.forgiving").forgiving
        tool = forgiving(activity_as_tool(alerts, start_to_close_timeout=timedelta(minutes=5)))
        arguments = json.dumps({"state": state})
        context: ToolContext[None] = ToolContext(
            context=None, tool_name=tool.name, tool_call_id="call_1", tool_arguments=arguments
        )
        return str(await tool.on_invoke_tool(context, arguments))
