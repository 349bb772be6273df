# outcome: NOT YET · times
# says: no heartbeat timeout
# a heartbeat timeout for activities that never beat: a slow bank fails after a second
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
        for step, account in ((withdraw, transfer.source), (deposit, transfer.target)):
            await workflow.execute_activity(
                step,
                args=[account, transfer.amount],
                start_to_close_timeout=TIMEOUT,
                heartbeat_timeout=timedelta(seconds=1),
            )
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
