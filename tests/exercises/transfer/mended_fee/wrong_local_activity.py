# outcome: NOT YET · outside its place
# says: its replay reaches the local activity withdraw
# a local activity where the history has an activity
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_local_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {account}"
