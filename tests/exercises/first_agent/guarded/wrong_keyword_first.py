# outcome: NOT YET · does nothing
# says: it asked nobody, and the agent was asked at once
# the judge is asked only where no keyword is found
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
    words = question.lower().split()
    if "weather" in words or "alerts" in words or "where" in words:
        return GuardrailFunctionOutput(output_info="keyword", tripwire_triggered=False)
    result = await Runner.run(topic_judge, question)
    topic = result.final_output
    return GuardrailFunctionOutput(output_info=topic, tripwire_triggered=not topic.is_about_weather_or_places)


agent = weather_agent.clone(input_guardrails=[on_topic])
