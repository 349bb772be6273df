# outcome: NOT YET · not idempotent
# says: a new id for each run
# one id with USE_EXISTING: a second transfer meanwhile joins the first and moves nothing
from temporalio.common import WorkflowIDConflictPolicy
import asyncio
import sys

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    result = await client.execute_workflow(
        MoneyTransfer.run,
        Transfer("alice", "bob", amount),
        id="alice-bob",
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    print(result)
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
