# outcome: PASSED
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
        for name, account in [("withdraw", transfer.source), ("deposit", transfer.target)]:
            await workflow.execute_activity(name, args=[account, transfer.amount], start_to_close_timeout=TIMEOUT, schedule_to_close_timeout=timedelta(days=1))
        return f"{transfer.amount}: {transfer.source} -> {transfer.target}"
