# outcome: PASSED
# logs the failure and lets it out
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int):
    try:
        await bank.withdraw(account, amount)
    except Exception:
        activity.logger.exception("the withdrawal failed in attempt %s", activity.info().attempt)
        raise


@activity.defn
async def deposit(account: str, amount: int):
    try:
        await bank.deposit(account, amount)
    except Exception:
        activity.logger.exception("the deposit failed in attempt %s", activity.info().attempt)
        raise
