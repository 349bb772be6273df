# outcome: NOT YET · messages
# says: it takes (approved: bool, call_id: str)
"""The part of a workflow that asks people."""

from dataclasses import dataclass

from temporalio import workflow


@dataclass
class Call:
    call_id: str
    name: str
    arguments: str


@dataclass
class Decision:
    approved: bool
    why: str


class Approvals:
    def __init__(self) -> None:
        self.waiting: dict[str, Call] = {}
        self.decided: dict[str, Decision] = {}

    async def decision(self, call: Call) -> Decision:
        self.waiting[call.call_id] = call
        await workflow.wait_condition(lambda: call.call_id in self.decided)
        return self.decided[call.call_id]

    @workflow.query
    def pending(self) -> list[Call]:
        return list(self.waiting.values())

    @workflow.update
    async def decide(self, approved: bool, call_id: str) -> None:
        del self.waiting[call_id]
        why = "a person said yes" if approved else "a person said no"
        self.decided[call_id] = Decision(approved, why)

    @decide.validator
    def check(self, approved: bool, call_id: str) -> None:
        if call_id not in self.waiting:
            raise ValueError(f"{call_id} is not waiting for a decision")
