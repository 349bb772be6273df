# outcome: NOT YET · times
"""Relief for several people: all of them are paid, or nobody is."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
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
        async def once(how, account, how_much) -> None:
            await workflow.execute_activity(
                how,
                args=[account, how_much],
                start_to_close_timeout=timedelta(seconds=3),
                retry_policy=RetryPolicy(maximum_attempts=3, non_retryable_error_types=["BankRefused"]),
            )

        done = []
        try:
            for do, undo, account, how_much in steps:
                await once(do, account, how_much)
                done.append((undo, account, how_much))
        except ActivityError:
            for undo, account, how_much in reversed(done):
                await once(undo, account, how_much)
            raise
