# outcome: NOT YET · wrong decision
# says: code that goes on with the old runs
# patched() is False while an old run is replayed, so the old branch with its typo runs again
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        mended = workflow.patched("mend-typo")
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        if mended:
            return f"charged {account}"
        return f"charged {acount}"  # noqa: F821
