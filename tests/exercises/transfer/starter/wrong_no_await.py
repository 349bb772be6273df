# outcome: NOT YET · not awaited
# says: an `await` is missing: the coroutine of `Client.execute_workflow`
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    print(client.execute_workflow(
        MoneyTransfer.run, Transfer("alice", "bob", amount), id=f"t-{uuid.uuid4()}", task_queue=TASK_QUEUE
    ))

if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
