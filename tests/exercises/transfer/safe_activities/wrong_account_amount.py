# outcome: NOT YET · not idempotent
# says: a different key for each activity
# made of account and amount: a second equal transfer never moves
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=f"withdraw-{account}-{amount}")


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=f"deposit-{account}-{amount}")
