# outcome: NOT YET · wrong decision
# says: when it is called once more, too
# a set in the worker's memory skips a second withdrawal of the same amount
from temporalio import activity
from workshop.tools import bank

done = set()

@activity.defn
async def withdraw(account: str, amount: int) -> None:
    if (account, amount) in done:
        return
    await bank.withdraw(account, amount)
    done.add((account, amount))


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount)
