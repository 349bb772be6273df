# outcome: NOT YET · does not run
# says: `@activity.defn` may be meant
from temporalio import activity
from workshop.tools import bank

@activity
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount)

@activity
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount)
