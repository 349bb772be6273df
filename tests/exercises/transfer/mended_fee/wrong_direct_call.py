# outcome: NOT YET · outside its place
# says: this does an activity's work inside the workflow
# calls the activity as a function
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await withdraw(account, 1)
        return f"charged {account}"
