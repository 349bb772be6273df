# outcome: PASSED
"""A test of the deadline, in which three days pass at once."""

import uuid

from my.native_agent.model import call_model
from my.people.deadline import PatientAgent
from temporalio import activity
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from workshop import lab

paid: list[str] = []


@activity.defn(name="pay_relief")
async def pretend_to_pay(payee: str, amount: int) -> str:
    paid.append(payee)
    return f"Paid {amount} to {payee}."


async def nobody_answers() -> WorkflowHistory:
    paid.clear()
    server = lab.time_skipping_server()
    async with await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server) as env:
        queue = f"test-{uuid.uuid4()}"
        worker = Worker(
            env.client, task_queue=queue, workflows=[PatientAgent], activities=[pretend_to_pay, call_model]
        )
        async with worker:
            handle = await env.client.start_workflow(
                PatientAgent.run, args=["Pay 30 to Ana."], id=queue, task_queue=queue
            )
            answer = await handle.result()
        assert paid == [], f"{paid} got money, and the agent said: {answer}"
        history = await handle.fetch_history()
        return history
