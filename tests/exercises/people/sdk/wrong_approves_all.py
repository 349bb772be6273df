# outcome: NOT YET · wrong decision
# says: a payment that was rejected not to be made
"""The same agent with the Agents SDK."""

import dataclasses

from agents import Agent, Runner
from my.people.approvals import Approvals, Call
from temporalio import workflow
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.people.activities import pay_relief
    from my.people.relief import ATTEMPTS, INSTRUCTIONS, TIMEOUT


@workflow.defn
class SdkReliefAgent(Approvals):
    @workflow.run
    async def run(self, question: str) -> str:
        tool = activity_as_tool(pay_relief, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)
        guarded = dataclasses.replace(tool, needs_approval=True)
        agent = Agent(name="Relief agent", instructions=INSTRUCTIONS, tools=[guarded])
        result = await Runner.run(agent, question)
        while result.interruptions:
            state = result.to_state()
            for item in result.interruptions:
                await self.decision(Call(item.call_id, item.tool_name, item.arguments))
                state.approve(item)
            result = await Runner.run(agent, state)
        return str(result.final_output)
