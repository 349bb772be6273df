# outcome: NOT YET · swallows errors
# retries inside and gives up silently after three
import asyncio

from temporalio import activity
from workshop.tools import bank


async def persist(call, account, amount):
    for _ in range(3):
        try:
            return await call(account, amount)
        except Exception:
            await asyncio.sleep(0.2)


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await persist(bank.withdraw, account, amount)


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await persist(bank.deposit, account, amount)
