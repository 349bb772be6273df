# outcome: NOT YET · wiring
# says: the imported agent itself was changed
# hangs the guardrail on the imported agent itself, which others use
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
    result = await Runner.run(topic_judge, question)
    return GuardrailFunctionOutput(
        output_info=None, tripwire_triggered=not result.final_output.is_about_weather_or_places
    )


weather_agent.input_guardrails.append(on_topic)
agent = weather_agent
