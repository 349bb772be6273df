# outcome: NOT YET · wiring
# connects to the default address instead of the configured one
import asyncio

from my.transfer.activities import deposit, withdraw
from my.transfer.shared import TASK_QUEUE
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.worker import Worker


async def main() -> None:
    client = await Client.connect("localhost:7233")
    print("connected", flush=True)
    await Worker(client, task_queue=TASK_QUEUE, workflows=[MoneyTransfer], activities=[withdraw, deposit]).run()
if __name__ == "__main__":
    asyncio.run(main())
