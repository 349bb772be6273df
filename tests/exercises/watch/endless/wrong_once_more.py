# outcome: NOT YET · too much
# says: a run that has reached the goal to end
"""The last run may hand over to one that has nothing to do."""

from dataclasses import dataclass, field
from typing import Any

from my.watch.trimmed import TrimmedWatch
from temporalio import workflow


@dataclass
class Shift:
    goal: int
    every: int = 50
    done: int = 0
    items: list[Any] = field(default_factory=list)
    log: dict[str, str] = field(default_factory=dict)


@workflow.defn
class EndlessWatch(TrimmedWatch):
    @workflow.run
    async def run(self, shift: Shift) -> dict[str, str]:
        self.items, self.log = shift.items, shift.log
        await self.begin()
        for number in range(shift.done + 1, shift.goal + 1):
            await self.make_check(number)
            long = number - shift.done >= shift.every or workflow.info().is_continue_as_new_suggested()
            if long:
                workflow.continue_as_new(Shift(shift.goal, shift.every, number, self.items, self.log))
        return self.log
