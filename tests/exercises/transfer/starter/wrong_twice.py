# outcome: NOT YET · too much
# says: it started 2
# starts it with start_workflow and once more with execute_workflow
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    transfer = Transfer("alice", "bob", amount)
    await client.start_workflow(MoneyTransfer.run, transfer, id=str(uuid.uuid4()), task_queue=TASK_QUEUE)
    print(await client.execute_workflow(MoneyTransfer.run, transfer, id=str(uuid.uuid4()), task_queue=TASK_QUEUE))
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
