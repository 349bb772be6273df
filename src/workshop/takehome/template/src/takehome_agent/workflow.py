"""The agent's loop, as a workflow."""

from agents import AgentsException, Runner
from takehome_agent.agent import make_agent
from temporalio import workflow


# Without it, an exception of the Agents SDK (too many turns, a guardrail) counts as a bug: the run would wait for ever.
@workflow.defn(failure_exception_types=[AgentsException])
class WeatherAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(make_agent(), question, max_turns=20)
        return str(result.final_output)
