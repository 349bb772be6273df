# outcome: PASSED
from agents import Agent, GuardrailFunctionOutput, Runner, input_guardrail
from my.first_agent.agent import agent as weather_agent
from pydantic import BaseModel


class Topic(BaseModel):
    is_about_weather_or_places: bool


topic_judge = Agent(
    name="Topic judge",
    instructions="Decide whether the question is about the weather or about where something is.",
    output_type=Topic,
)

from agents import InputGuardrail

async def judge(ctx, agent, input):
    verdict = (await Runner.run(topic_judge, input, context=ctx.context)).final_output_as(Topic)
    return GuardrailFunctionOutput(verdict, not verdict.is_about_weather_or_places)

agent = Agent(
    name="Guarded",
    instructions=weather_agent.instructions,
    tools=weather_agent.tools,
    input_guardrails=[InputGuardrail(judge, run_in_parallel=False)],
)
