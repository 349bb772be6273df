# outcome: PASSED
"""The same agent, which does not wait for ever."""

import asyncio
from datetime import timedelta

from my.people.approvals import Call, Decision
from my.people.native import ReliefAgent
from temporalio import workflow

PATIENCE = timedelta(days=3)


@workflow.defn
class PatientAgent(ReliefAgent):
    @workflow.run
    async def run(self, question: str) -> str:
        return await super().run(question)

    async def decision(self, call: Call) -> Decision:
        self.waiting[call.call_id] = call
        try:
            await asyncio.wait_for(super().decision(call), PATIENCE.total_seconds())
        except asyncio.TimeoutError:
            self.waiting.pop(call.call_id, None)
            self.decided[call.call_id] = Decision(approved=False, why=f"nobody answered within {PATIENCE.days} days")
        return self.decided[call.call_id]
