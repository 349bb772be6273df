# outcome: NOT YET · wrong decision
# says: until when it waits
from dataclasses import dataclass, field
from typing import Any

from my.people.chat import Chat
from temporalio import workflow

TURNS = 3


@dataclass
class Carried:
    items: list[Any] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@workflow.defn
class LongChat(Chat):
    @workflow.init
    def __init__(self, carried: Carried) -> None:
        super().__init__()
        self.items = list(carried.items)
        self.lines = list(carried.lines)
        self.old_lines = len(carried.lines)

    def is_long(self) -> bool:
        turns = (len(self.lines) - self.old_lines) // 2
        return turns >= TURNS or workflow.info().is_continue_as_new_suggested()

    @workflow.run
    async def run(self, carried: Carried) -> None:
        await workflow.wait_condition(lambda: self.over and self.is_long())
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self.over:
            workflow.continue_as_new(Carried(self.items, self.lines))
