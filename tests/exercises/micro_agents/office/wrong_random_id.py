# outcome: NOT YET · not deterministic
# says: use `workflow.uuid4()`
"""A parent whose children run on a queue of their own."""

import asyncio
import uuid

from my.micro_agents.forecast import Forecast
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.micro_agents.shared import FORECASTS


@workflow.defn
class Office:
    @workflow.run
    async def run(self, states: list[str]) -> str:
        children = [
            await workflow.start_child_workflow(
                "Forecast", state, id=f"forecast-{uuid.uuid4()}", task_queue=FORECASTS, result_type=str
            )
            for state in states
        ]
        return "\n\n".join([await child for child in children])
