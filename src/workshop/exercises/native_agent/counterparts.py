"""Workflows and activities of the course's own, beside which the checks put the learner's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.worker import (
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from workshop.exercises.questions import REFUSED, SIX_THINGS

TIMEOUT = timedelta(seconds=10)
TWICE = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2)

SOON = timedelta(milliseconds=300)
MOST_ATTEMPTS = 4
BROKEN = "the radar is out of order"
PICKY = "a state has two letters"


@activity.defn(name="call_model")
async def talkative(request: dict[str, Any]) -> dict[str, Any]:
    """Replies as real models do and the practice model does not: with a thought and a text beside the calls.

    Asked :data:`SIX_THINGS`, it makes six calls at once, the first of which takes longer than the others; asked
    :data:`REFUSED`, it fails for good.
    """
    # A conversation that has lost its question is answered all the same: the check then says what is missing in it.
    asked = (item for item in request["input"] if isinstance(item, dict) and item.get("role") == "user")
    question = next(asked, {}).get("content")
    if question == REFUSED:
        raise ApplicationError(REFUSED, type="ModelError", non_retryable=True)
    if any(
        isinstance(item, dict) and item.get("type") == "function_call_output" for item in request["input"]
    ):
        return {"items": [_message("It is windy.")], "text": "It is windy."}
    text = "I look that up."
    calls = [_call(1, "get_weather_alerts", {"state": "CA"})]
    if question == SIX_THINGS:
        names = ("late", "echo", "echo", "get_weather_alerts", "echo", "echo")
        calls = [_call(number, name, {"thing": str(number)}) for number, name in enumerate(names, 1)]
    items = [{"type": "reasoning", "id": "rs_1", "summary": []}, _message(text), *calls]
    return {"items": items, "text": text}


def _call(number: int, name: str, arguments: dict[str, str]) -> dict[str, str]:
    return {
        "type": "function_call",
        "id": f"fc_{number}",
        "call_id": f"call_{number}",
        "name": name,
        "arguments": json.dumps(arguments),
    }


def _message(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


# No sandbox around the course's own code: making one takes half a second.
@workflow.defn(sandboxed=False)
class OneModelCall:
    """One model call, by whatever the worker calls ``call_model``."""

    @workflow.run
    async def run(self, request: dict[str, Any]) -> Any:
        """Call it, twice at most."""
        return await workflow.execute_activity(
            "call_model", request, start_to_close_timeout=TIMEOUT, retry_policy=TWICE
        )


@workflow.defn(sandboxed=False)
class ToolCalls:
    """Activities that go by the names of tools, one after the other; what becomes of each is in the history."""

    @workflow.run
    async def run(self, calls: list[list[str]]) -> None:
        """Call each tool, twice at most, with its arguments as JSON text."""
        for name, arguments in calls:
            try:
                await workflow.execute_activity(
                    name, arguments, start_to_close_timeout=TIMEOUT, retry_policy=TWICE
                )
            except ActivityError:
                continue


@workflow.defn
class Answers:
    """What the learner's ``answer`` makes of some tool calls."""

    @workflow.run
    async def run(self, calls: list[dict[str, Any]]) -> list[Any]:
        """Answer all calls at the same time."""
        # Here and not above: only the child process has the learner's files.
        from my.native_agent.tool_calls import answer  # type: ignore[import-not-found]

        if len(calls) == 1:
            # Not gathered: `gather` ends as cancelled, whatever becomes of what it gathers.
            return [await answer(calls[0])]
        return await asyncio.gather(*[answer(call) for call in calls])


class HungTools(Interceptor):
    """Gives the tool ``hung`` one attempt and little time, so that it is found out soon."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """As the SDK asks for it."""
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound))


class _Outbound(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:
        if input.activity == "hung":
            input = replace(input, start_to_close_timeout=SOON, retry_policy=RetryPolicy(maximum_attempts=1))
        return super().start_activity(input)


@activity.defn(dynamic=True)
async def any_tool(arguments: Sequence[RawValue]) -> str:
    """Tools: ``broken``, ``picky`` and ``waiting`` fail, ``slow`` and ``hung`` take a minute; others answer."""
    name = activity.info().activity_type
    soon = timedelta(milliseconds=100)
    # A policy without a limit is seen from the fifth attempt.
    last = activity.info().attempt > MOST_ATTEMPTS
    if name == "broken":
        raise ApplicationError(BROKEN, next_retry_delay=soon, non_retryable=last)
    if name == "picky":
        # As the SDK tells the server of a ValueError, but for the times.
        raise ApplicationError(PICKY, type="ValueError", next_retry_delay=soon, non_retryable=last)
    if name == "waiting":
        # Within the shortest limit for all attempts that the check accepts: beyond it, there is no second one.
        raise ApplicationError(BROKEN, next_retry_delay=timedelta(seconds=30))
    if name == "late":
        await asyncio.sleep(0.3)
    if name in ("slow", "hung"):
        await asyncio.sleep(60)
    return str(activity.payload_converter().from_payload(arguments[0].payload))
