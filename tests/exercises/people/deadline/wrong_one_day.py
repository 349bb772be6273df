# outcome: NOT YET · times
# says: after a day and two hours call-1-3
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
            await workflow.wait_condition(lambda: call.call_id in self.decided, timeout=PATIENCE / 3)
        except TimeoutError:
            del self.waiting[call.call_id]
            self.decided[call.call_id] = Decision(False, "nobody answered")
        return self.decided[call.call_id]
