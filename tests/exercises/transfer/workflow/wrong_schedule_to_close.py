# outcome: NOT YET · times
# says: no limit for all its attempts
# schedule_to_close_timeout bounds all attempts to 3 seconds
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
        await workflow.execute_activity(
            withdraw, args=[transfer.source, transfer.amount], schedule_to_close_timeout=TIMEOUT
        )
        await workflow.execute_activity(
            deposit, args=[transfer.target, transfer.amount], schedule_to_close_timeout=TIMEOUT
        )
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
