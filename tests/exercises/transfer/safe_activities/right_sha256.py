# outcome: PASSED
# a hash of namespace, both ids and the activity's type
import hashlib
import json

from temporalio import activity
from workshop.tools import bank


def key() -> str:
    info = activity.info()
    parts = [info.namespace, info.workflow_id, info.activity_type, info.activity_id]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
