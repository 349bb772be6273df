# outcome: NOT YET · not awaited
# says: my/native_agent/workflow.py:
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
        for _ in range(question.max_turns):
            reply = await ask(conversation)
            calls = [item for item in reply.items if item["type"] == "function_call"]
            if not calls:
                return reply.text
            conversation += reply.items
            conversation += asyncio.gather(*[answer(call) for call in calls])
        raise ApplicationError(f"no answer within {question.max_turns} turns", type="TurnLimit")
