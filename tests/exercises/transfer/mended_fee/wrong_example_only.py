# outcome: NOT YET · hard-coded
# says: names the account bob
# defines the misspelt name with the example's value
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT

acount = "alice"


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {acount}"
