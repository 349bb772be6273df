# outcome: NOT YET · not deterministic
# patched() at the top is False in the old runs, which still take the broken line
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        mended = workflow.patched("mended")
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        if mended:
            return f"charged {account}"
        return f"charged {acount}"
