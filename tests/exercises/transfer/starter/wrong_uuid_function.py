# outcome: NOT YET · of another kind
# says: a string is needed where something else is given
# the function uuid4, not a call: the id holds its repr, or is no text
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    result = await client.execute_workflow(
        MoneyTransfer.run, Transfer("alice", "bob", amount), id=uuid.uuid4, task_queue=TASK_QUEUE
    )
    print(result)
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
