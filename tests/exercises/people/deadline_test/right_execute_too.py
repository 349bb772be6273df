# outcome: PASSED
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
        async with Worker(
            env.client,
            task_queue="test",
            workflows=[PatientAgent],
            activities=[call_model, pretend_to_pay],
        ):
            await env.client.execute_workflow(
                PatientAgent.run, "Pay 25 to Zoe.", id="nobody-answers", task_queue="test"
            )
            if paid:
                raise AssertionError(f"paid although nobody answered: {paid}")
            return await env.client.get_workflow_handle("nobody-answers").fetch_history()
