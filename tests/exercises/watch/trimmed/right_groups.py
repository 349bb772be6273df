# outcome: PASSED
"""The watch that forgets: it keeps the last three checks."""

from agents import TResponseInputItem
from my.watch.watch import Watch
from temporalio import workflow

KEPT = 3


def last_checks(items: list[TResponseInputItem]) -> list[TResponseInputItem]:
    checks: list[list[TResponseInputItem]] = []
    for item in items:
        if item.get("role") == "user":
            checks.append([])
        checks[-1].append(item)
    return [item for check in checks[-KEPT:] for item in check]


@workflow.defn
class TrimmedWatch(Watch):
    @workflow.run
    async def run(self, checks: int) -> dict[str, str]:
        return await super().run(checks)

    async def make_check(self, number: int) -> None:
        await super().make_check(number)
        self.items = last_checks(self.items)
