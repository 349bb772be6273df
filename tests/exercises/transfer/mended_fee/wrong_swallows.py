# outcome: NOT YET · swallows errors
# catches the NameError instead of mending the line
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import withdraw
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        await workflow.execute_activity(withdraw, args=[account, 1], start_to_close_timeout=TIMEOUT)
        try:
            return f"charged {acount}"
        except NameError:
            return "charged somebody"
