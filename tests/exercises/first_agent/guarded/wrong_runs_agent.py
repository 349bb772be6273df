# outcome: NOT YET · too much
# says: it runs 'Weather agent'
# runs the main agent inside the guardrail as well, its calls are made before the verdict
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
    answer = await Runner.run(weather_agent, question)
    result = await Runner.run(topic_judge, f"{question}\n{answer.final_output}")
    return GuardrailFunctionOutput(
        output_info=None, tripwire_triggered=not result.final_output.is_about_weather_or_places
    )
agent = weather_agent.clone(input_guardrails=[on_topic])
