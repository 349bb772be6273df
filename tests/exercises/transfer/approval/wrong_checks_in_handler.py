# outcome: NOT YET · outside its place
# says: a validator for `change_amount`
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.activities import deposit, withdraw
    from my.transfer.shared import Transfer
    from my.transfer.workflow import TIMEOUT


@workflow.defn
class ApprovedTransfer:
    def __init__(self) -> None:
        self.approved = False
        self.amount = 0

    @workflow.signal
    def approve(self) -> None:
        self.approved = True

    @workflow.update
    def change_amount(self, amount: int) -> int:
        if not 1 <= amount <= 100:
            from temporalio.exceptions import ApplicationError
            raise ApplicationError("from 1 to 100")
        self.amount = amount
        return amount
    @workflow.query
    def status(self) -> str:
        return f"{'approved' if self.approved else 'waiting'}: {self.amount}"

    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        self.amount = self.amount or transfer.amount
        await workflow.wait_condition(lambda: self.approved)
        for move, account in ((withdraw, transfer.source), (deposit, transfer.target)):
            await workflow.execute_activity(move, args=[account, self.amount], start_to_close_timeout=TIMEOUT)
        return self.status()
