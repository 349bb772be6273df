# outcome: NOT YET · outside its place
# says: is called directly inside the workflow
# calls the activity functions in the workflow
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
        await withdraw(transfer.source, transfer.amount)
        await deposit(transfer.target, transfer.amount)
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
