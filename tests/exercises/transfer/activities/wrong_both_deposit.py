# outcome: NOT YET · missing
# says: names it 'deposit'
from temporalio import activity
from workshop.tools import bank

@activity.defn(name="deposit")
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount)

@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount)
