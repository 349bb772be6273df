# outcome: NOT YET · wrong failure
# says: non_retryable=True
# every error of the bank is made non-retryable, so Temporal never tries again
from temporalio import activity
from temporalio.exceptions import ApplicationError
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    try:
        await bank.withdraw(account, amount)
    except Exception as error:
        raise ApplicationError(f"withdrawal failed: {error}", non_retryable=True) from error


@activity.defn
async def deposit(account: str, amount: int) -> None:
    try:
        await bank.deposit(account, amount)
    except Exception as error:
        raise ApplicationError(f"deposit failed: {error}", non_retryable=True) from error
