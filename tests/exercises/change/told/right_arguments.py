# outcome: PASSED
"""The watch's agent, which does not look at every state: its model is told so."""

import dataclasses
import json

from agents import Runner, ToolGuardrailFunctionOutput, ToolInputGuardrailData, tool_input_guardrail
from my.change.watch import make_agent
from temporalio import workflow

OFF_LIMITS = frozenset({"FL", "TX"})


@tool_input_guardrail(name="not there")
async def not_there(data):
    asked = json.loads(data.context.tool_arguments)
    message = f"Nobody may look at {asked['state']}; ask for another state."
    allowed = asked["state"] not in OFF_LIMITS
    return ToolGuardrailFunctionOutput.allow() if allowed else ToolGuardrailFunctionOutput.reject_content(message)


@workflow.defn
class ToldAgent:
    @workflow.run
    async def run(self, question: str) -> str:
        agent = make_agent()
        agent.tools = [dataclasses.replace(agent.tools[0], tool_input_guardrails=[not_there])]
        return str((await Runner.run(agent, question)).final_output)
