# outcome: NOT YET · not awaited
# says: an `await` is missing at my/transfer/activities.py
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    bank.withdraw(account, amount)

@activity.defn
async def deposit(account: str, amount: int) -> None:
    bank.deposit(account, amount)
