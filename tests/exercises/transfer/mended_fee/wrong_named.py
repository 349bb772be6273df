# outcome: NOT YET · missing
# says: a class of that name, which the worker imports
# another class name, the workflow's name given
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn(name="Fee")
class MendedFee:
    """Charges an account one unit."""

    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {account}"
