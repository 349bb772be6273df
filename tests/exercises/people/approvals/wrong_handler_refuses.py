# outcome: NOT YET · outside its place
# says: to be refused with a ValueError
"""The part of a workflow that asks people."""

from dataclasses import dataclass

from temporalio import workflow
from temporalio.exceptions import ApplicationError


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
    def decide(self, call_id: str, approved: bool) -> None:
        if call_id not in self.waiting:
            raise ApplicationError("not now")
        del self.waiting[call_id]
        self.decided[call_id] = Decision(approved, "a person answered")

    @decide.validator
    def check_decision(self, call_id: str, approved: bool) -> None:
        pass
