# outcome: PASSED
"""The agentic loop, as a workflow."""

import asyncio
from typing import Any

from my.native_agent.model_calls import ask
from my.native_agent.tool_calls import answer
from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from my.native_agent.shared import Question


@workflow.defn
class AgentWorkflow:
    @workflow.run
    async def run(self, question: Question) -> str:
        history: list[Any] = [{"role": "user", "content": question.text}]
        for turn in range(1, question.max_turns + 1):
            reply, calls = await self.turn(history)
            if calls:
                workflow.logger.info("turn %d: %d calls", turn, len(calls))
                outputs = await asyncio.gather(*(answer(call) for call in calls))
                history = [*history, *reply.items, *outputs]
            else:
                return reply.text
        raise ApplicationError("turn limit reached", question.max_turns, type="TurnLimit")

    async def turn(self, history: list[Any]) -> tuple[Any, list[Any]]:
        reply = await ask(history)
        return reply, [item for item in reply.items if item["type"] == "function_call"]
