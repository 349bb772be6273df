# outcome: NOT YET · swallows errors
# says: to raise an error when the bank refuses it
# deposit logs the failure and completes
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount)


@activity.defn
async def deposit(account: str, amount: int) -> None:
    try:
        await bank.deposit(account, amount)
    except Exception:
        activity.logger.warning("the deposit failed")
