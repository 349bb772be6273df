# outcome: NOT YET · wiring
# says: with the key "max_turns"
from agents import Agent, AgentsException, Runner
from my.sdk_agent.workflow import ATTEMPTS, INSTRUCTIONS, TIMEOUT
from temporalio import workflow
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.sdk_agent.activities import TOOLS


def make_agent() -> Agent:
    tools = [
        activity_as_tool(tool, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)
        for tool in TOOLS
    ]
    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=tools)


def give_up(input) -> str:
    return "I could not find the answer in two turns."


@workflow.defn
class LimitedAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        result = await Runner.run(
            make_agent(), question, max_turns=2, error_handlers={"MaxTurnsExceeded": give_up}
        )
        return str(result.final_output)
