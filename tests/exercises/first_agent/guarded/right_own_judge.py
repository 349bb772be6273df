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

judge = Agent(name="Judge", instructions="Say whether the user is asking about the weather or a location.", output_type=Topic)

@input_guardrail(run_in_parallel=False)
async def on_topic(context, agent, question):
    if not isinstance(question, str):
        question = question[-1]["content"]
    verdict = await Runner.run(judge, question)
    return GuardrailFunctionOutput(output_info={}, tripwire_triggered=verdict.final_output.is_about_weather_or_places is False)

agent = weather_agent.clone(name="Guarded weather agent", input_guardrails=[on_topic])
