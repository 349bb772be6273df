# outcome: NOT YET · wrong order
# says: at the same time
import asyncio
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
        credit = [transfer.target, transfer.amount]
        await asyncio.gather(
            workflow.execute_activity(withdraw, args=withdrawal, start_to_close_timeout=TIMEOUT),
            workflow.execute_activity(deposit, args=credit, start_to_close_timeout=TIMEOUT),
        )
        return f"moved {transfer.amount} from {transfer.source} to {transfer.target}"
