# outcome: NOT YET · of another kind
# says: @activity.defn
from temporalio import activity
from workshop.tools import bank


async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount)

async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount)
