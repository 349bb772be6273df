# outcome: NOT YET · does not run
# says: a conversation with 0 checks
"""The watch that forgets: it keeps the last three checks."""

from agents import TResponseInputItem
from my.watch.watch import Watch
from temporalio import workflow

KEPT = 3


def last_checks(items: list[TResponseInputItem]) -> list[TResponseInputItem]:
    starts = [n for n, item in enumerate(items) if item["role"] == "user"]
    return items[starts[-KEPT] :]


@workflow.defn
class TrimmedWatch(Watch):
    @workflow.run
    async def run(self, checks: int) -> dict[str, str]:
        return await super().run(checks)

    async def make_check(self, number: int) -> None:
        await super().make_check(number)
        self.items = last_checks(self.items)
