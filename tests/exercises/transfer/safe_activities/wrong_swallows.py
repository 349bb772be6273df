# outcome: NOT YET · swallows errors
# says: to raise an error when the bank is closed
# the lost answer is swallowed: no retry, and a bank that was closed counts as paid
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    info = activity.info()
    try:
        await bank.withdraw(account, amount, key=f"{info.workflow_id}-{info.activity_id}")
    except Exception:
        activity.logger.exception("withdraw")


@activity.defn
async def deposit(account: str, amount: int) -> None:
    info = activity.info()
    try:
        await bank.deposit(account, amount, key=f"{info.workflow_id}-{info.activity_id}")
    except Exception:
        activity.logger.exception("deposit")
