# outcome: PASSED
# async signal and update, `in range`
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.shared import Transfer
    from my.transfer.workflow import MoneyTransfer


@workflow.defn
class ApprovedTransfer:
    approved = False
    amount = 0
    @workflow.signal
    async def approve(self) -> None:
        workflow.logger.info("approved")
        self.approved = True

    @workflow.update
    async def change_amount(self, amount: int) -> int:
        self.amount = amount
        return amount

    @change_amount.validator
    def _amount_in_bounds(self, amount: int) -> None:
        if amount not in range(1, 101):
            raise ValueError("from 1 to 100 only")
    @workflow.query
    def status(self) -> str:
        return f"{'approved' if self.approved else 'waiting'}: {self.amount}"

    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        await workflow.wait_condition(lambda: self.approved)
        transfer.amount = self.amount or transfer.amount
        return await MoneyTransfer().run(transfer)
