# outcome: NOT YET · not awaited
# says: an `await` is missing at my/transfer/workflow.py: 
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
        workflow.execute_activity(withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT)
        workflow.execute_activity(deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=TIMEOUT)
        return "moved"
