# outcome: NOT YET · times
# says: the agent to go on after three days
"""The same agent with a deadline."""

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
        if not hasattr(self, "until"):
            self.until = workflow.now() + PATIENCE
        try:
            await workflow.wait_condition(
                lambda: call.call_id in self.decided, timeout=self.until - workflow.now()
            )
        except TimeoutError:
            self.decided[call.call_id] = Decision(False, "nobody answered in time")
            self.waiting.pop(call.call_id, None)
        return self.decided[call.call_id]
