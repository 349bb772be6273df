# outcome: NOT YET · not deterministic
# says: their first step is withdraw
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import deposit, withdraw
    from my.transfer.workflow import TIMEOUT

@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_activity(deposit, args=[account, 0], start_to_close_timeout=TIMEOUT)
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {account}"
