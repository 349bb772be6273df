# outcome: NOT YET · wrong decision
# says: `await worker.run()`
import asyncio

from my.transfer.activities import deposit, withdraw
from my.transfer.shared import TASK_QUEUE
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker


async def main() -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    print("connected", flush=True)
    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[MoneyTransfer],
        activities=[withdraw, deposit],
    )
    async with worker:
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
