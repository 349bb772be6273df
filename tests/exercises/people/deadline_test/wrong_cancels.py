# outcome: NOT YET · cancellation
# says: it was cancelled
"""A test of the deadline, in which three days pass at once."""

import contextlib

from my.native_agent.model import call_model
from my.people.deadline import PatientAgent
from temporalio import activity
from temporalio.client import WorkflowFailureError, WorkflowHistory
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
            task_queue="deadline-test",
            workflows=[PatientAgent],
            activities=[call_model, pretend_to_pay],
        ):
            handle = await env.client.start_workflow(
                PatientAgent.run, "Pay 40 to Bob.", id="deadline-test", task_queue="deadline-test"
            )
            await handle.cancel()
            with contextlib.suppress(WorkflowFailureError):
                await handle.result()
            assert not paid
            return await handle.fetch_history()
