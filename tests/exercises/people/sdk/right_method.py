# outcome: PASSED
"""The same agent with the Agents SDK."""

import asyncio
import dataclasses

from agents import Agent, RunState, Runner, ToolApprovalItem
from my.people.approvals import Approvals, Call
from temporalio import workflow
from temporalio.openai_agents.workflow import activity_as_tool

with workflow.unsafe.imports_passed_through():
    from my.people.activities import pay_relief
    from my.people.relief import ATTEMPTS, INSTRUCTIONS, TIMEOUT


@workflow.defn
class SdkReliefAgent(Approvals):
    async def settle(self, state: RunState, item: ToolApprovalItem) -> None:
        call = Call(call_id=item.call_id or "", name=item.tool_name or "", arguments=item.arguments or "")
        decision = await self.decision(call)
        if not decision.approved:
            return state.reject(item, rejection_message=decision.why)
        return state.approve(item)

    @workflow.run
    async def run(self, question: str) -> str:
        tool = activity_as_tool(pay_relief, start_to_close_timeout=TIMEOUT, retry_policy=ATTEMPTS)
        guarded = dataclasses.replace(tool, needs_approval=True)
        agent = Agent(name="Relief agent", instructions=INSTRUCTIONS, tools=[guarded])
        result = await Runner.run(agent, question)
        while len(result.interruptions) > 0:
            state = result.to_state()
            await asyncio.gather(*(self.settle(state, item) for item in result.interruptions))
            result = await Runner.run(agent, state)
        return str(result.final_output)
