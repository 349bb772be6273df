# outcome: NOT YET · not awaited
# says: and the run ended before it was over
"""Relief for several people: either all of them are paid, or nobody is."""

import asyncio

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
        done = []
        try:
            for do, undo, account, how_much in steps:
                await move(do, account, how_much)
                done.append((undo, account, how_much))
        except ActivityError:
            for undoing in reversed(done):
                asyncio.create_task(move(*undoing))
            raise
