# outcome: NOT YET · does nothing
# says: sent no request
# does nothing in a second attempt instead of using a key
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    info = activity.info()
    if info.attempt == 1:
        await bank.withdraw(account, amount, key=f"{info.workflow_id}-{info.activity_id}")


@activity.defn
async def deposit(account: str, amount: int) -> None:
    info = activity.info()
    if info.attempt == 1:
        await bank.deposit(account, amount, key=f"{info.workflow_id}-{info.activity_id}")
