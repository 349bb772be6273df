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
        def decided() -> bool:
            return call.call_id in self.decided

        try:
            await workflow.wait_condition(decided, timeout=PATIENCE, timeout_summary="patience")
        except asyncio.TimeoutError:
            if not decided():
                del self.waiting[call.call_id]
                why = f"nobody has answered for {PATIENCE.days} days"
                self.decided[call.call_id] = Decision(False, why)
        return self.decided[call.call_id]
