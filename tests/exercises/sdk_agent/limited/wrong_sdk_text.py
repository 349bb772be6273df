# outcome: NOT YET · error text
# says: a sentence of your own
from agents import Agent, AgentsException, Runner
from my.sdk_agent.workflow import ATTEMPTS, INSTRUCTIONS, TIMEOUT
from temporalio import workflow
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.sdk_agent.activities import TOOLS


def make_agent() -> Agent:
    tools = [activity_as_tool(tool, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS) for tool in TOOLS]
    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=tools)


from agents import MaxTurnsExceeded


@workflow.defn
class LimitedAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        try:
            return (await Runner.run(make_agent(), question, max_turns=2)).final_output
        except MaxTurnsExceeded as error:
            return str(error)
