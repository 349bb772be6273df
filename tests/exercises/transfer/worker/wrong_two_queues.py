# outcome: NOT YET · wiring
# says: of the worker that has it
# workflow and activities on different queues
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
    plans = Worker(client, task_queue=TASK_QUEUE, workflows=[MoneyTransfer])
    work = Worker(client, task_queue=TASK_QUEUE + "-activities", activities=[withdraw, deposit])
    await asyncio.gather(plans.run(), work.run())
if __name__ == "__main__":
    asyncio.run(main())
