# outcome: NOT YET · not idempotent
# says: the same key for each attempt
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=activity.info().workflow_id + "withdraw" + str(activity.info().attempt))

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=activity.info().workflow_id + "deposit" + str(activity.info().attempt))
