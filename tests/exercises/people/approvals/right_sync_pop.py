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
        return [call for call in self.waiting.values()]

    @workflow.update
    def decide(self, call_id: str, approved: bool) -> None:
        call = self.waiting.pop(call_id)
        self.decided[call_id] = Decision(
            approved=approved, why=f"a person said {'yes' if approved else 'no'} to {call.name}"
        )

    @decide.validator
    def may_decide(self, call_id: str, approved: bool) -> None:
        if call_id in self.decided:
            raise ValueError("It has been decided already.")
        if call_id not in self.waiting:
            raise ValueError("Nobody has asked.")
