# outcome: NOT YET · not awaited
# says: a call without `await`
from temporalio import activity
from workshop.tools import bank

@activity.defn
async def withdraw(account: str, amount: int) -> None:
    return bank.withdraw(account, amount)

@activity.defn
async def deposit(account: str, amount: int) -> None:
    return bank.deposit(account, amount)
