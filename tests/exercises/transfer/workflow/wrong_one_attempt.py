# outcome: NOT YET · no limit
# no retry: a bank that is closed for a moment loses the deposit
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import deposit, withdraw
    from my.transfer.shared import Transfer

TIMEOUT = timedelta(seconds=3)


@workflow.defn
class MoneyTransfer:
    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        once = RetryPolicy(maximum_attempts=1)
        await workflow.execute_activity(
            withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT, retry_policy=once
        )
        await workflow.execute_activity(
            deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=TIMEOUT, retry_policy=once
        )
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
