# outcome: PASSED
# a loop over the steps
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import deposit, withdraw
    from my.transfer.shared import Transfer

TIMEOUT = timedelta(seconds=3)


@workflow.defn
class MoneyTransfer:
    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        steps = [(withdraw, transfer.source), (deposit, transfer.target)]
        for step, account in steps:
            await workflow.execute_activity(step, args=[account, transfer.amount], start_to_close_timeout=TIMEOUT)
        return "{0.amount} went from {0.source} to {0.target}.".format(transfer)
