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
        tasks = []
        for state in states:
            child = workflow.execute_child_workflow(
                Forecast.run, state, id=f"forecast-{workflow.uuid4()}", task_queue=FORECASTS
            )
            tasks.append(asyncio.create_task(child))
        answers = [await task for task in tasks]
        return "\n\n".join(answers)
