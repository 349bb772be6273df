# outcome: NOT YET · wrong decision
# says: the judge had answered {"is_about_weather_or_places": false}
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
    verdict = await Runner.run(topic_judge, question)
    return GuardrailFunctionOutput(output_info=verdict, tripwire_triggered=not verdict)

agent = weather_agent.clone(input_guardrails=[on_topic])
