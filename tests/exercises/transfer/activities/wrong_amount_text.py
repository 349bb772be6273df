# outcome: NOT YET · schema
# says: got: `withdraw(account: str, amount: str)`
# the amount is typed as str
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: str) -> None:
    await bank.withdraw(account, amount)


@activity.defn
async def deposit(account: str, amount: str) -> None:
    await bank.deposit(account, amount)
