# outcome: PASSED
# names given, two conditions
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.shared import Transfer
    from my.transfer.workflow import MoneyTransfer


@workflow.defn
class ApprovedTransfer:
    approved = False
    amount = 0
    @workflow.update(name="change_amount")
    def change_amount(self, amount: int) -> int:
        """Set the amount and return it."""
        self.amount = amount
        return self.amount

    @change_amount.validator
    def validate_change_amount(self, amount: int) -> None:
        if amount < 1:
            raise ValueError("at least 1")
        if amount > 100:
            raise ValueError("at most 100")

    @workflow.signal(name="approve")
    def approve(self) -> None:
        self.approved = True
    @workflow.query
    def status(self) -> str:
        return f"{'approved' if self.approved else 'waiting'}: {self.amount}"

    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        await workflow.wait_condition(lambda: self.approved)
        transfer.amount = self.amount or transfer.amount
        return await MoneyTransfer().run(transfer)
