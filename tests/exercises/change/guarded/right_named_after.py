# outcome: PASSED
"""The watch's agent for anybody's question: what is not about the weather is refused, and the run ends."""

from agents import Agent, AgentsException, GuardrailFunctionOutput, RunContextWrapper, Runner, input_guardrail
from agents.items import TResponseInputItem
from my.change.watch import make_agent
from temporalio import workflow

NAME = "only weather"


def is_about_weather(question: object) -> bool:
    return "weather" in str(question).lower()


@input_guardrail(name=NAME, run_in_parallel=False)
async def only_weather(
    context: RunContextWrapper[None], agent: Agent, question: str | list[TResponseInputItem]
) -> GuardrailFunctionOutput:
    if is_about_weather(question):
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)
    return GuardrailFunctionOutput(output_info="rust?", tripwire_triggered=True)


@workflow.defn(failure_exception_types=[AgentsException])
class GuardedAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = make_agent()
        agent.input_guardrails = [only_weather]
        result = await Runner.run(agent, question)
        return str(result.final_output)
