# outcome: NOT YET · times
import asyncio
from datetime import timedelta

from my.people.moving import move
from temporalio import workflow
from temporalio.common import RetryPolicy

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
            await workflow.execute_activity(
                deposit,
                args=["Fund", amount],
                start_to_close_timeout=timedelta(seconds=3),
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
            raise
        await move(deposit, payee, amount)
        return f"{payee} got {amount}."
