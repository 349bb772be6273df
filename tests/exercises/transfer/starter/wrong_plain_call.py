# outcome: NOT YET · outside its place
# says: a workflow's method was called directly
# runs the workflow's method in this process
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    print(await MoneyTransfer().run(Transfer("alice", "bob", amount)))
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
