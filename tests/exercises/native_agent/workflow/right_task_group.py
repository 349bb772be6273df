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
    async def turn(self, conversation: list[Any]) -> str | None:
        reply = await ask(conversation)
        answers = []
        async with asyncio.TaskGroup() as group:
            for item in reply.items:
                if item["type"] == "function_call":
                    answers.append(group.create_task(answer(item)))
        conversation[:] = [*conversation, *reply.items, *(one.result() for one in answers)]
        return None if answers else reply.text

    @workflow.run
    async def run(self, question: Question) -> str:
        conversation: list[Any] = [{"role": "user", "content": question.text}]
        for number in range(1, question.max_turns + 1):
            workflow.logger.info("turn %s", number)
            if (text := await self.turn(conversation)) is not None:
                return text
        raise ApplicationError("no answer", type="TurnLimit")
