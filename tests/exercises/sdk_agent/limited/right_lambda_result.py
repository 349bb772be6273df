# outcome: PASSED
from agents import Agent, RunErrorHandlerInput, RunErrorHandlerResult, Runner
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


@workflow.defn
class LimitedAgent:
    async def _too_long(self, input: RunErrorHandlerInput) -> RunErrorHandlerResult:
        return RunErrorHandlerResult(final_output=f"No answer: {input.error}", include_in_history=False)

    @workflow.run
    async def run(self, question: str) -> str:
        handlers = {"max_turns": self._too_long}
        result = await Runner.run(make_agent(), question, max_turns=2, error_handlers=handlers)
        return str(result.final_output)
