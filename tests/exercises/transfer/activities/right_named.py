# outcome: PASSED
from temporalio import activity
from workshop.tools import bank


@activity.defn(name="withdraw")
async def withdraw(account: str, amount: int) -> str:
    receipt = await bank.withdraw(account, amount)
    return f"entry {receipt.entry}"

@activity.defn
async def deposit(account, amount):
    return (await bank.deposit(account=account, amount=amount)).balance
