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
        async def forecast(state: str) -> str:
            return await workflow.execute_child_workflow(Forecast.run, state, task_queue=FORECASTS)

        return "\n\n".join(await asyncio.gather(*map(forecast, states)))
