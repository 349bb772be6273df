# outcome: PASSED
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
        while True:
            if not (open_items := list(result.interruptions)):
                break
            state = result.to_state()
            for item in open_items:
                call = Call(call_id=item.call_id, name=item.tool_name, arguments=item.arguments)
                said = await self.decision(call)
                state.approve(item) if said.approved else state.reject(item, rejection_message=said.why)
            result = await Runner.run(starting_agent=agent, input=state)
        return str(result.final_output)
