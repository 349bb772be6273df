# outcome: NOT YET · not idempotent
# says: a different key for each activity
# joined without a separator: "a-1"+"11" and "a-11"+"1" are one key
from temporalio import activity
from workshop.tools import bank


def key() -> str:
    info = activity.info()
    return info.workflow_id + info.activity_id
@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
