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
        answers = await asyncio.gather(*(
            workflow.execute_child_workflow(
                "Forecast",
                state,
                id=f"{workflow.info().workflow_id}-{state.lower().replace(' ', '-')}",
                task_queue=FORECASTS,
                result_type=str,
            )
            for state in states
        ))
        return "\n\n".join(answers)
