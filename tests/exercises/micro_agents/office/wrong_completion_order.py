# outcome: NOT YET · wrong order
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
        answers: list[str] = []

        async def forecast(state: str) -> None:
            answers.append(
                await workflow.execute_child_workflow(
                    Forecast.run, state, id=f"{workflow.info().workflow_id}-{state}", task_queue=FORECASTS
                )
            )

        await asyncio.gather(*[forecast(state) for state in states])
        return "\n\n".join(answers)
