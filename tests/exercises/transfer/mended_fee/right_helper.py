# outcome: PASSED
# the steps in methods
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT

FEE = 1


@workflow.defn
class Fee:
    async def _charge(self, account: str) -> None:
        await workflow.execute_activity(withdraw, args=[account, FEE], start_to_close_timeout=TIMEOUT)

    @workflow.run
    async def run(self, account: str) -> str:
        await self._charge(account)
        return f"charged {account}"
