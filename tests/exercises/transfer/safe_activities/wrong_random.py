# outcome: NOT YET · not idempotent
# says: the same key for each attempt
import uuid

from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=str(uuid.uuid4()))

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=str(uuid.uuid4()))
