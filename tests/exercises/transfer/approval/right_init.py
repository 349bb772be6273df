# outcome: PASSED
# state in __init__, an error class of one's own that is a ValueError
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.transfer.shared import Transfer
    from my.transfer.workflow import MoneyTransfer

LOWEST, HIGHEST = 1, 100


@workflow.defn
class ApprovedTransfer:
    def __init__(self) -> None:
        self.approved = False
        self.amount = 0

    @workflow.signal
    def approve(self) -> None:
        self.approved = True

    @workflow.update
    async def change_amount(self, amount: int) -> int:
        self.amount = amount
        return self.amount

    @change_amount.validator
    def amount_is_possible(self, amount: int) -> None:
        if amount < LOWEST or amount > HIGHEST:
            raise ValueError(f"{amount} is not from {LOWEST} to {HIGHEST}")
    @workflow.query
    def status(self) -> str:
        return f"{'approved' if self.approved else 'waiting'}: {self.amount}"

    @workflow.run
    async def run(self, transfer: Transfer) -> str:
        await workflow.wait_condition(lambda: self.approved)
        transfer.amount = self.amount or transfer.amount
        return await MoneyTransfer().run(transfer)
