# outcome: NOT YET · of another kind
# says: @tool_input_guardrail
"""The watch's agent, which does not look at every state: its model is told so."""

import dataclasses
import json

from agents import Runner, ToolGuardrailFunctionOutput, ToolInputGuardrailData, tool_input_guardrail
from my.change.watch import make_agent
from temporalio import workflow

OFF_LIMITS = frozenset({"FL", "TX"})


async def not_there(data: ToolInputGuardrailData) -> ToolGuardrailFunctionOutput:
    state = json.loads(data.context.tool_arguments)["state"]
    if state in OFF_LIMITS:
        return ToolGuardrailFunctionOutput.reject_content(f"{state} is off limits.")
    return ToolGuardrailFunctionOutput.allow()


@workflow.defn
class ToldAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = make_agent()
        agent.tools = [dataclasses.replace(agent.tools[0], tool_input_guardrails=[not_there])]
        return str((await Runner.run(agent, question)).final_output)
