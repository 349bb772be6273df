# outcome: PASSED
# the run id in the key too
from temporalio import activity
from workshop.tools import bank


def key() -> str:
    info = activity.info()
    return "-".join((info.workflow_id, info.workflow_run_id, info.activity_id))
@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
