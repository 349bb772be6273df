# outcome: NOT YET · not deterministic
# says: they depend on something outside the run
# keeps its progress in a module that is passed through: a replay in the same process skips the withdrawal
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import my.transfer.shared as shared
    from my.transfer.activities import deposit, withdraw
    from my.transfer.shared import Transfer

TIMEOUT = timedelta(seconds=3)


@workflow.defn
class MoneyTransfer:
    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        done = shared.__dict__.setdefault("done", set())
        key = workflow.info().workflow_id
        if key not in done:
            await workflow.execute_activity(
                withdraw, args=[transfer.source, transfer.amount], start_to_close_timeout=TIMEOUT
            )
            done.add(key)
        else:
            workflow.logger.info("already withdrawn")
        await workflow.execute_activity(
            deposit, args=[transfer.target, transfer.amount], start_to_close_timeout=TIMEOUT
        )
        return f"Moved {transfer.amount} from {transfer.source} to {transfer.target}."
