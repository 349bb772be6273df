# outcome: NOT YET · swallows errors
# says: nothing
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    try:
        await bank.withdraw(account)
    except Exception:
        pass

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount)
