# outcome: NOT YET · does nothing
# says: change_amount(1) to answer 1
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
    def change_amount(self, amount: int) -> None:
        self.amount = amount

    @change_amount.validator
    def check(self, amount: int) -> None:
        if amount < 1 or amount > 100:
            raise ValueError("from 1 to 100")
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
