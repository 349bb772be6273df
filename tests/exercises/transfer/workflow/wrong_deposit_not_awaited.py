# outcome: NOT YET · not awaited
# says: it ended while the deposit was under way
# the deposit is started but not awaited: the run ends before it happens
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
            withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT
        )
        workflow.start_activity(
            deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=TIMEOUT
        )
        return f"moved {transfer.amount} from {transfer.source} to {transfer.target}"
