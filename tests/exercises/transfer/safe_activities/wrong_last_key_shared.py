# outcome: NOT YET · not idempotent
# the key is kept in a module variable that transfers at the same time overwrite
from temporalio import activity
from workshop.tools import bank

current = ""


async def remember() -> None:
    global current
    info = activity.info()
    current = f"{info.workflow_id}-{info.activity_id}"
    await bank.balances()


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await remember()
    await bank.withdraw(account, amount, key=current)


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await remember()
    await bank.deposit(account, amount, key=current)
