# outcome: NOT YET · wrong order
# checks at the end, after the agent's calls
from agents import Agent, GuardrailFunctionOutput, Runner, output_guardrail
from my.first_agent.agent import agent as weather_agent
from pydantic import BaseModel


class Topic(BaseModel):
    is_about_weather_or_places: bool


topic_judge = Agent(
    name="Topic judge",
    instructions="Decide whether the question is about the weather or about where something is.",
    output_type=Topic,
)


@output_guardrail
async def on_topic(context, agent, answer):
    result = await Runner.run(topic_judge, answer)
    return GuardrailFunctionOutput(
        output_info=None, tripwire_triggered=not result.final_output.is_about_weather_or_places
    )


agent = weather_agent.clone(output_guardrails=[on_topic])
