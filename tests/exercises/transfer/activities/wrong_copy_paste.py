# outcome: NOT YET · wrong data
# says: withdrawal
# deposit withdraws
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount)


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.withdraw(account, amount)
