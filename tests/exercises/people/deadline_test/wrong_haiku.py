# outcome: NOT YET · told in words
# says: the agent wanted to pay nobody
"""A test of the deadline, in which three days pass at once."""

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
        activities = [call_model, pretend_to_pay]
        async with Worker(env.client, task_queue="test", workflows=[PatientAgent], activities=activities):
            handle = await env.client.start_workflow(
                PatientAgent.run, "What does the river dream of?", id="test", task_queue="test"
            )
            await handle.result()
        assert paid == []
        return await handle.fetch_history()
