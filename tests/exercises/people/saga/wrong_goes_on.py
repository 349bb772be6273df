# outcome: NOT YET · too much
# says: the ledger to show
"""Relief for several people: either all of them are paid, or nobody is."""

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
        done, failed = [], None
        for do, undo, account, cost in steps:
            try:
                await move(do, account, cost)
                done.append((undo, account, cost))
            except ActivityError as error:
                failed = error
        if failed:
            for how, account, cost in reversed(done):
                await move(how, account, cost)
            raise failed
