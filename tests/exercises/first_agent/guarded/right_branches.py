# outcome: PASSED
# an early return per verdict
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
    result = await Runner.run(topic_judge, input=question, max_turns=1)
    topic: Topic = result.final_output
    if topic.is_about_weather_or_places:
        return GuardrailFunctionOutput(output_info="on topic", tripwire_triggered=False)
    return GuardrailFunctionOutput(output_info="off topic", tripwire_triggered=True)
agent = weather_agent.clone(input_guardrails=[on_topic])
