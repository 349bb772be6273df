# outcome: NOT YET · wrong data
# says: the run failed: 
"""Relief for several people: all of them are paid, or nobody is."""

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
        undo = []
        try:
            for do, back, account, much in steps:
                await move(do, account, much)
                undo.append(lambda: move(back, account, much))
        except ActivityError:
            while undo:
                await undo.pop()()
            raise
