# outcome: PASSED
"""Relief for several people: all of them are paid, or nobody is."""

from my.people.moving import move
from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from my.people.activities import deposit, withdraw


@workflow.defn
class Payout:
    @workflow.run
    async def run(self, amount: int, payees: list[str]) -> None:
        # What to do, what undoes it, and with whose account and how much.
        steps = [(withdraw, deposit, "Fund", amount * len(payees))]
        steps += [(deposit, withdraw, payee, amount) for payee in payees]
        undo_stack = []
        try:
            for step in steps:
                await move(step[0], step[2], step[3])
                undo_stack.append(step)
        except ActivityError as error:
            while undo_stack:
                _, undo, account, how_much = undo_stack.pop()
                await move(undo, account, how_much)
            raise ApplicationError(f"Nobody was paid: {error.cause}") from error
