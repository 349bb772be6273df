# outcome: NOT YET · too much
# says: it started another transfer
# starts a second transfer when the first does not answer at once
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    while True:
        try:
            result = await asyncio.wait_for(
                client.execute_workflow(
                    MoneyTransfer.run,
                    Transfer("alice", "bob", amount),
                    id=str(uuid.uuid4()),
                    task_queue=TASK_QUEUE,
                ),
                timeout=3,
            )
            break
        except asyncio.TimeoutError:
            continue
    print(result)
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
