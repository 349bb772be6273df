# outcome: NOT YET · swallows errors
# says: to raise an error when the bank refuses it
# an overdraft completes, so the deposit that follows makes money
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    try:
        await bank.withdraw(account, amount)
    except Exception as error:
        if "funds" not in str(error).lower() and "refused" not in type(error).__name__.lower():
            raise


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount)
