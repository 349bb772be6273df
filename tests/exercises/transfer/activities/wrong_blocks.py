# outcome: NOT YET · never ends
# says: time.sleep
from temporalio import activity
import time
from workshop.tools import bank

@activity.defn
async def withdraw(account: str, amount: int) -> None:
    time.sleep(3.5)
    await bank.withdraw(account, amount)

@activity.defn
async def deposit(account: str, amount: int) -> None:
    time.sleep(3.5)
    await bank.deposit(account, amount)
