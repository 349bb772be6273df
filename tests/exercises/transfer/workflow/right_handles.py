# outcome: PASSED
# start_activity, then each handle awaited
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
        withdrawal = workflow.start_activity(
            withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT
        )
        await withdrawal
        crediting = workflow.start_activity(
            deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=TIMEOUT
        )
        await crediting
        return f"{transfer.source} paid {transfer.target} {transfer.amount}."
