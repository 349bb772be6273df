# outcome: NOT YET · hard-coded
# ignores the account and the amount
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw("alice", 30)


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit("bob", 30)
