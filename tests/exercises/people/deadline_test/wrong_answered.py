# outcome: NOT YET · messages
# says: `decide` answered before the timer fired
"""A test of the deadline that skips three days."""

import asyncio

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
            task_queue="deadline",
            workflows=[PatientAgent],
            activities=[call_model, pretend_to_pay],
        ):
            handle = await env.client.start_workflow(
                PatientAgent.run, "Pay 40 to Bob.", id="deadline", task_queue="deadline"
            )
            while not (pending := await handle.query(PatientAgent.pending)):
                await asyncio.sleep(0.1)
            for call in pending:
                await handle.execute_update(PatientAgent.decide, args=[call.call_id, False])
            await handle.result()
            assert not paid
            return await handle.fetch_history()
