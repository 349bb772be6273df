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

    @workflow.update
    async def decide(self, call_id: str, approved: bool) -> str:
        """Say yes or no to one call."""
        self.waiting = {key: call for key, call in self.waiting.items() if key != call_id}
        said = "yes" if approved else "no"
        decision = Decision(approved, f"a person said {said}")
        self.decided[call_id] = decision
        return decision.why

    @decide.validator
    def _decide(self, call_id: str, approved: bool) -> None:
        if self.waiting.get(call_id) is None:
            raise ValueError(f"no such call waits: {call_id!r}")

    @workflow.query
    def pending(self) -> list[Call]:
        return [*self.waiting.values()]
