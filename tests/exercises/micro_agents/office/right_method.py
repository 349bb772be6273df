# outcome: PASSED
"""A parent whose children run on a queue of their own."""

import asyncio

from my.micro_agents.forecast import Forecast
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.micro_agents.shared import FORECASTS


@workflow.defn
class Office:
    @workflow.run
    async def run(self, states: list[str]) -> str:
        answers = await asyncio.gather(*[self.forecast(n, state) for n, state in enumerate(states)])
        return "\n\n".join(answers)

    async def forecast(self, number: int, state: str) -> str:
        return await workflow.execute_child_workflow(
            Forecast.run,
            args=[state],
            id=f"{workflow.info().workflow_id}/{number}-{state}",
            task_queue=FORECASTS,
        )
