# outcome: NOT YET · too much
# says: one request in each attempt
# tries the bank three times by itself inside one attempt: a lost answer moves the money up to three times, and Temporal sees only the last error
from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    for attempt in range(3):
        try:
            await bank.withdraw(account, amount)
            return
        except bank.BankUnavailable:
            if attempt == 2:
                raise


@activity.defn
async def deposit(account: str, amount: int) -> None:
    for attempt in range(3):
        try:
            await bank.deposit(account, amount)
            return
        except bank.BankUnavailable:
            if attempt == 2:
                raise
