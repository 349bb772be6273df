# outcome: PASSED
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
        end = min(shift.done + shift.every, shift.goal)
        while shift.done < end and not (shift.done and workflow.info().is_continue_as_new_suggested()):
            shift.done += 1
            await self.make_check(shift.done)
        if shift.done < shift.goal:
            shift.items, shift.log = self.items, self.log
            workflow.continue_as_new(shift)
        return self.log
