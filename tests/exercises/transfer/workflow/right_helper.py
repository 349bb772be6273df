# outcome: PASSED
# a helper method, the activities by name, logs
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
        await self._step("withdraw", transfer.source, transfer.amount)
        await self._step("deposit", transfer.target, transfer.amount)
        workflow.logger.info("done")
        return f"Transferred {transfer.amount}: {transfer.source} -> {transfer.target}."

    async def _step(self, activity: str, account: str, amount: int) -> None:
        await workflow.execute_activity(activity, args=[account, amount], start_to_close_timeout=TIMEOUT)
