# outcome: PASSED
# another source of new ids, prints in one expression
import asyncio
import secrets
import sys

from my.transfer.shared import TASK_QUEUE, Transfer
from my.transfer.workflow import MoneyTransfer
from temporalio.client import Client
from temporalio.envconfig import ClientConfig


async def main(amount: int) -> None:
    client = await Client.connect(**ClientConfig.load_client_connect_config())
    order = Transfer("alice", "bob", amount)
    run_id = f"transfer-{secrets.token_urlsafe(16)}"
    print(await client.execute_workflow(MoneyTransfer.run, order, id=run_id, task_queue=TASK_QUEUE))
if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
