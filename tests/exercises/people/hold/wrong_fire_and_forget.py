# outcome: NOT YET · not awaited
# says: the run ended before it was over
import asyncio

from my.people.moving import move
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.people.activities import deposit, withdraw


@workflow.defn
class Hold:
    def __init__(self) -> None:
        self.aside = 0
        self.claimed = False

    @workflow.update
    async def wait_until_aside(self) -> int:
        await workflow.wait_condition(lambda: self.aside > 0)
        return self.aside

    @workflow.signal
    def claim(self) -> None:
        self.claimed = True

    @workflow.run
    async def run(self, payee: str, amount: int) -> str:
        await move(withdraw, "Fund", amount)
        self.aside = amount
        try:
            await workflow.wait_condition(lambda: self.claimed)
        except asyncio.CancelledError:
            asyncio.create_task(move(deposit, "Fund", amount))
            raise
        await move(deposit, payee, amount)
        return f"{payee} got {amount}."
