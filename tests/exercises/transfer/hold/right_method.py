# outcome: PASSED
# the wait in a method of its own
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
        await self._hold(transfer)
        credit = [transfer.target, transfer.amount]
        await workflow.execute_activity(deposit, args=credit, start_to_close_timeout=TIMEOUT)

    async def _hold(self, transfer: Transfer) -> None:
        """Wait an hour; give the money back if cancelled meanwhile."""
        try:
            await workflow.sleep(timedelta(hours=1))
        except asyncio.CancelledError:
            workflow.logger.info("cancelled, giving back")
            await self._give_back(transfer)
            raise

    async def _give_back(self, transfer: Transfer) -> None:
        await workflow.execute_activity(
            deposit, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT
        )
