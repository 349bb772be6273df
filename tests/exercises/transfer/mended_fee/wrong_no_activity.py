# outcome: NOT YET · missing
# says: their first step is withdraw
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import deposit, withdraw
    from my.transfer.workflow import TIMEOUT

@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        return f"charged {account}"
