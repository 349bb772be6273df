# outcome: NOT YET · outside its place
# says: a validator for `change_amount`
# refuses in the update with an ApplicationError: the refusal is in the history
from temporalio import workflow
from temporalio.exceptions import ApplicationError

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
    def change_amount(self, amount: int) -> int:
        if not 1 <= amount <= 100:
            raise ApplicationError("from 1 to 100", type="ValueError")
        self.amount = amount
        return self.amount
    @workflow.query
    def status(self) -> str:
        return f"{'approved' if self.approved else 'waiting'}: {self.amount}"

    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        await workflow.wait_condition(lambda: self.approved)
        transfer.amount = self.amount or transfer.amount
        return await MoneyTransfer().run(transfer)
