# outcome: NOT YET · times
# says: as soon as somebody has said yes
"""The same agent, which does not wait for ever."""

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
        await workflow.sleep(PATIENCE)
        if call.call_id not in self.decided:
            del self.waiting[call.call_id]
            self.decided[call.call_id] = Decision(False, "nobody answered")
        return self.decided[call.call_id]
