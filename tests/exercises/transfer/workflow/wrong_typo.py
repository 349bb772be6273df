# outcome: NOT YET · does not run
# says: workflow.py: await workflow
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
        await workflow.execute_activity(withdraw, args=[transfer.sorce, transfer.amount], start_to_close_timeout=TIMEOUT)
        return "moved"
