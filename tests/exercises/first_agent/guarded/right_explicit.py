# outcome: PASSED
# passes the context on, final_output_as, output_info as dict
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
    result = await Runner.run(topic_judge, question, context=context.context)
    topic = result.final_output_as(Topic)
    off_topic = topic.is_about_weather_or_places is False
    return GuardrailFunctionOutput(
        output_info={"about_weather_or_places": topic.is_about_weather_or_places},
        tripwire_triggered=off_topic,
    )
agent = weather_agent.clone(input_guardrails=[on_topic])
