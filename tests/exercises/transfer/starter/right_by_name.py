# outcome: PASSED
# the workflow by its name, result type given, refuses a used id
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    sentence = await client.execute_workflow(
        "MoneyTransfer",
        Transfer("alice", "bob", amount),
        id="alice-to-bob-" + str(uuid.uuid4()),
        task_queue=TASK_QUEUE,
        result_type=str,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
    )
    print(sentence)
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
