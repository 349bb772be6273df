# outcome: PASSED
"""A test of the deadline, in which three days pass at once."""

from my.native_agent.model import call_model
from my.people.deadline import PatientAgent
from temporalio import activity
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
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
            task_queue="people-test",
            workflows=[PatientAgent],
            activities=[call_model, pretend_to_pay],
            workflow_runner=UnsandboxedWorkflowRunner(),
        ):
            handle = await env.client.start_workflow(
                PatientAgent.run, "Pay 40 to Bob.", id="people-test-1", task_queue="people-test"
            )
            answer: str = await handle.result()
            history = await handle.fetch_history()
        assert len(paid) == 0
        assert answer
        return history
