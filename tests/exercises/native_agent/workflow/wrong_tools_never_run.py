# outcome: NOT YET · missing
# says: the activities call_model, get_weather_alerts, call_model
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
        reply = await ask(conversation)
        return reply.text or str(reply.items)
