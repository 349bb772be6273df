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
        conversation: list[Any] = [{"role": "user", "content": question.text}]
        turns = 0
        while turns < question.max_turns:
            turns += 1
            reply = await ask(conversation)
            conversation += reply.items
            calls = [item for item in reply.items if item.get("type") == "function_call"]
            if not calls:
                return reply.text
            conversation += await asyncio.gather(*map(answer, calls))
        raise ApplicationError("The agent did not come to an end.", type="TurnLimit", non_retryable=True)
