# outcome: PASSED
from temporalio import activity
from workshop.tools import bank

def key() -> str:
    return f"{activity.info().workflow_run_id}-{activity.info().activity_id}"

@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
