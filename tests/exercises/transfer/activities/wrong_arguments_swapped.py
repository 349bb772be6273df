# outcome: NOT YET · wrong order
# says: got: `withdraw(amount: int, account: str)`
# amount before account
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(amount: int, account: str) -> None:
    await bank.withdraw(account, amount)


@activity.defn
async def deposit(amount: int, account: str) -> None:
    await bank.deposit(account, amount)
