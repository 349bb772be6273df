# outcome: NOT YET · not idempotent
# says: its own id
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
        own = workflow.info().workflow_id
        children = [
            workflow.execute_child_workflow(Forecast.run, state, id=f"{own}-child", task_queue=FORECASTS)
            for state in states
        ]
        return "\n\n".join(await asyncio.gather(*children))
