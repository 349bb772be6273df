# outcome: NOT YET · does not run
# says: workflow.py: await workflow.execute_activity(withdraw, args=withdrawl
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
        withdrawal = [transfer.source, transfer.amount]
        await workflow.execute_activity(withdraw, args=withdrawl, start_to_close_timeout=TIMEOUT)
        credit = [transfer.target, transfer.amount]
        await workflow.execute_activity(deposit, args=credit, start_to_close_timeout=TIMEOUT)
        return f"moved {transfer.amount} from {transfer.source} to {transfer.target}"
        ...  # your code here
