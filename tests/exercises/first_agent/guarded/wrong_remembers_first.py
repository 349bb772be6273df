# outcome: NOT YET · forgets
# keeps the first verdict for all later questions
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
    if not hasattr(topic_judge, "_verdict"):
        topic_judge._verdict = (await Runner.run(topic_judge, question)).final_output
    topic = topic_judge._verdict
    return GuardrailFunctionOutput(output_info=topic, tripwire_triggered=not topic.is_about_weather_or_places)
agent = weather_agent.clone(input_guardrails=[on_topic])
