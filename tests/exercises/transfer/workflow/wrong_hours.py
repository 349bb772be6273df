# outcome: NOT YET · times
# says: 3 seconds for one attempt
# start_to_close_timeout of an hour: a dead worker is not noticed
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
        hour = timedelta(hours=1)
        await workflow.execute_activity(
            withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=hour
        )
        await workflow.execute_activity(deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=hour)
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
