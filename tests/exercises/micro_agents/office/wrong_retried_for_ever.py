# outcome: NOT YET · never ends
# says: begun again for ever
"""A parent whose children run on a queue of their own."""

import asyncio

from my.micro_agents.forecast import Forecast
from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from my.micro_agents.shared import FORECASTS


@workflow.defn
class Office:
    @workflow.run
    async def run(self, states: list[str]) -> str:
        parent = workflow.info().workflow_id
        answers = await asyncio.gather(
            *[
                workflow.execute_child_workflow(
                    Forecast.run, state, id=f"{parent}-{state}", task_queue=FORECASTS, retry_policy=RetryPolicy()
                )
                for state in states
            ]
        )
        return "\n\n".join(answers)
