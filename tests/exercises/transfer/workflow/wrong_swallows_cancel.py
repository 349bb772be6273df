# outcome: NOT YET · swallows errors
# catches everything, a cancelled transfer ends as completed
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
        try:
            await workflow.execute_activity(
                withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT
            )
            await workflow.execute_activity(
                deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=TIMEOUT
            )
        except BaseException:
            return "The transfer did not work."
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
