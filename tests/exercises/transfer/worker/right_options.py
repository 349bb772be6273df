# outcome: PASSED
# more options, run as a task that is awaited
from datetime import timedelta
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
    options = {
        "task_queue": TASK_QUEUE,
        "workflows": [MoneyTransfer],
        "activities": [withdraw, deposit],
        "max_concurrent_activities": 20,
        "graceful_shutdown_timeout": timedelta(seconds=2),
    }
    await asyncio.create_task(Worker(client, **options).run())
if __name__ == "__main__":
    asyncio.run(main())
