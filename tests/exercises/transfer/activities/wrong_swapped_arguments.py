# outcome: NOT YET · wrong data
# says: account must be a text, not
from temporalio import activity
from workshop.tools import bank

@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(amount, account)

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(amount, account)
