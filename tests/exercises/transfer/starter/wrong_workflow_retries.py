# outcome: NOT YET · too much
# says: a transfer that is started once
# a retry policy on the workflow: a transfer that fails is started again from its first line and withdraws again
from temporalio.common import RetryPolicy
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
        MoneyTransfer.run,
        Transfer("alice", "bob", amount),
        id=f"transfer-{uuid.uuid4()}",
        task_queue=TASK_QUEUE,
        retry_policy=RetryPolicy(maximum_attempts=3),
    )
    print(result)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
