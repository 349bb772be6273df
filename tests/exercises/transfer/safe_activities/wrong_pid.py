# outcome: NOT YET · not idempotent
# says: in another process
# the process id in the key: another worker sends another key
import os

from temporalio import activity
from workshop.tools import bank


def key() -> str:
    info = activity.info()
    return f"{os.getpid()}-{info.workflow_id}-{info.activity_id}"
@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
