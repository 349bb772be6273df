# outcome: PASSED
# a helper joins workflow id and activity id
from temporalio import activity
from workshop.tools import bank


def key() -> str:
    info = activity.info()
    return f"{info.workflow_id}/{info.activity_id}"
@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
