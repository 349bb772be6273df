# outcome: NOT YET · wrong decision
# says: has ended its wait, and nobody has decided
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
        try:
            await workflow.wait_condition(lambda: len(self.decided) > 0, timeout=PATIENCE)
        except TimeoutError:
            del self.waiting[call.call_id]
            self.decided[call.call_id] = Decision(False, "nobody answered in time")
        return self.decided[call.call_id]
