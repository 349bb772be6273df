# outcome: NOT YET · too much
# starts over as a new run, which withdraws again
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        if workflow.info().continued_run_id is None:
            workflow.continue_as_new(account)
        return f"charged {account}"
