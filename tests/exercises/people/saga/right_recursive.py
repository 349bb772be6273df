# outcome: PASSED
"""Relief for several people: all of them are paid, or nobody is."""

from typing import Any

from my.people.moving import move
from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from my.people.activities import deposit, withdraw


@workflow.defn
class Payout:
    @workflow.run
    async def run(self, amount: int, payees: list[str]) -> None:
        # What to do, what undoes it, and with whose account and how much.
        steps = [(withdraw, deposit, "Fund", amount * len(payees))]
        steps += [(deposit, withdraw, payee, amount) for payee in payees]
        await self.do(steps)

    async def do(self, steps: list[tuple[Any, Any, str, int]]) -> None:
        if not steps:
            return
        (act, undo, account, amount), *later = steps
        await move(act, account, amount)
        try:
            await self.do(later)
        except ActivityError:
            await move(undo, account, amount)
            raise
