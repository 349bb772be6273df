# outcome: PASSED
# in each activity
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    info = activity.info()
    await bank.withdraw(account, amount, key=f"{info.workflow_id}:{info.activity_id}")


@activity.defn
async def deposit(account: str, amount: int) -> None:
    info = activity.info()
    await bank.deposit(account, amount, key=f"{info.workflow_id}:{info.activity_id}")
