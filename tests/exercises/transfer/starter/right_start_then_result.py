# outcome: PASSED
# start_workflow, then the handle's result
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    transfer = Transfer(source="alice", target="bob", amount=amount)
    handle = await client.start_workflow(MoneyTransfer.run, transfer, id=uuid.uuid4().hex, task_queue=TASK_QUEUE)
    print(await handle.result())
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
