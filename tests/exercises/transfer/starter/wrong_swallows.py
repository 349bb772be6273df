# outcome: NOT YET · swallows errors
# says: with the error that says why it failed
# a failed workflow prints as success
import asyncio
import sys
import uuid

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    result = f"Moved {amount} from alice to bob."
    try:
        result = await client.execute_workflow(
            MoneyTransfer.run, Transfer("alice", "bob", amount), id=str(uuid.uuid4()), task_queue=TASK_QUEUE
        )
    except Exception:
        pass
    print(result)
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
