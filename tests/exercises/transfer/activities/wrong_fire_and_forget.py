# outcome: NOT YET · not awaited
# says: before it returns
# starts the call as a task and completes before it is done
import asyncio

from temporalio import activity
from workshop.tools import bank


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    asyncio.create_task(bank.withdraw(account, amount))


@activity.defn
async def deposit(account: str, amount: int) -> None:
    asyncio.create_task(bank.deposit(account, amount))
