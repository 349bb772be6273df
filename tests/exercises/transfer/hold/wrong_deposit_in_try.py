# outcome: NOT YET · cancellation
# says: the money is paid twice
# the last deposit is in the try: complete when the cancellation comes, it is paid back as well
import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import deposit, withdraw
    from my.transfer.shared import Transfer
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class HeldTransfer:
    @workflow.run
    async def run(self, transfer: Transfer) -> None:
        withdrawal = [transfer.source, transfer.amount]
        await workflow.execute_activity(withdraw, args=withdrawal, start_to_close_timeout=TIMEOUT)
        try:
            await workflow.sleep(timedelta(hours=1))
            credit = [transfer.target, transfer.amount]
            await workflow.execute_activity(deposit, args=credit, start_to_close_timeout=TIMEOUT)
        except asyncio.CancelledError:
            await workflow.execute_activity(deposit, args=withdrawal, start_to_close_timeout=TIMEOUT)
            raise
