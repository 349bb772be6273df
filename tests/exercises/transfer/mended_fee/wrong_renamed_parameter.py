# outcome: NOT YET · does not run
# says: mended_fee.py: await workflow
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT

@workflow.defn
class Fee:
    @workflow.run
    async def run(self, acount: str) -> str:
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {account}"
