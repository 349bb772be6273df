# outcome: NOT YET · wrong decision
# says: what the update waits for
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.shared import Transfer
    from my.transfer.workflow import MoneyTransfer


@workflow.defn
class ApprovedTransfer:
    approved = False
    amount = 0

    @workflow.signal
    def approve(self) -> None:
        self.approved = True

    @workflow.update
    async def change_amount(self, amount: int) -> int:
        await workflow.wait_condition(lambda: self.approved)
        self.amount = amount
        return amount

    @change_amount.validator
    def check_amount(self, amount: int) -> None:
        if not 1 <= amount <= 100:
            raise ValueError(f"{amount} is not from 1 to 100")


    @workflow.query
    def status(self) -> str:
        return f"{'approved' if self.approved else 'waiting'}: {self.amount}"

    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        await workflow.wait_condition(lambda: self.approved)
        transfer.amount = self.amount or transfer.amount
        return await MoneyTransfer().run(transfer)
