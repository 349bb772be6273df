# outcome: PASSED
# names given, logs, docstrings
from temporalio import activity
from workshop.tools import bank


@activity.defn(name="withdraw")
async def withdraw(account: str, amount: int) -> None:
    """Take `amount` from `account`."""
    activity.logger.info("withdraw %s from %s", amount, account)
    await bank.withdraw(account, amount)


@activity.defn(name="deposit")
async def deposit(account: str, amount: int) -> None:
    """Put `amount` into `account`."""
    activity.logger.info("deposit %s to %s", amount, account)
    await bank.deposit(account, amount)
