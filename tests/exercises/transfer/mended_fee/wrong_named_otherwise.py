# outcome: NOT YET · wiring
# says: the class is registered as mended_fee
# the class is Fee, its registered name is not
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn(name="mended_fee")
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {account}"
