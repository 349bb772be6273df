# outcome: NOT YET · not idempotent
# says: send the same key
# the key is cut to 40 characters, so that of a long workflow id nothing of the activity id is left
from temporalio import activity
from workshop.tools import bank


def idempotency_key() -> str:
    info = activity.info()
    return f"{info.workflow_id}:{info.activity_id}"[:40]


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=idempotency_key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=idempotency_key())
