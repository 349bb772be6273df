# outcome: NOT YET · hard-coded
# says: the workflow's result to be printed
# prints a sentence of its own, not the workflow's result
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    await client.execute_workflow(
        MoneyTransfer.run, Transfer("alice", "bob", amount), id=str(uuid.uuid4()), task_queue=TASK_QUEUE
    )
    print("Done.")
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
