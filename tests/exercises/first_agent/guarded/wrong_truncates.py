# outcome: NOT YET · wrong data
# judges only the first 20 characters
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


@input_guardrail(run_in_parallel=False)
async def on_topic(context, agent, question):
    result = await Runner.run(topic_judge, question[:20])
    return GuardrailFunctionOutput(
        output_info=None, tripwire_triggered=not result.final_output.is_about_weather_or_places
    )
agent = weather_agent.clone(input_guardrails=[on_topic])
