# outcome: PASSED
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=f"{activity.info().activity_type}-{activity.info().workflow_run_id}")

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=f"{activity.info().activity_type}-{activity.info().workflow_run_id}")
