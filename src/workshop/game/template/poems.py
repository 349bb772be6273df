"""Poems about the weather, and about nothing else."""

from agents import Agent, AgentsException, GuardrailFunctionOutput, Runner, input_guardrail
from temporalio import workflow

WEATHER = ("rain", "snow", "wind", "fog")


@input_guardrail(name="only weather", run_in_parallel=False)
async def only_weather(context: object, agent: Agent, wish: object) -> GuardrailFunctionOutput:
    off_topic = not any(word in str(wish) for word in WEATHER)
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered=off_topic)


@workflow.defn(failure_exception_types=[AgentsException])
class Poem:
    @workflow.run
    async def run(self, wish: str) -> str:
        agent = Agent(name="Poet", instructions="Answer in a haiku.", input_guardrails=[only_weather])
        return str((await Runner.run(agent, wish)).final_output)


WORKFLOWS = [Poem]
ACTIVITIES = []
