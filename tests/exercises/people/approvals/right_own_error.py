# outcome: PASSED
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


class TooLate(ValueError):
    """An answer that nobody waits for."""


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
    async def decide(self, call_id: str, approved: bool) -> None:
        del self.waiting[call_id]
        why = "a person said yes" if approved else "a person said no"
        self.decided[call_id] = Decision(approved, why)

    @decide.validator
    def check_decide(self, call_id: str, approved: bool) -> None:
        if call_id not in self.waiting:
            raise TooLate(f"The call {call_id} does not wait.")
