# outcome: PASSED
"""The same agent with the Agents SDK."""

import dataclasses
from typing import Any

from agents import Agent, Runner, RunState, ToolApprovalItem
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
            if not result.interruptions:
                break
            state = result.to_state()
            for interruption in result.interruptions:
                await self.settle(state, interruption)
            result = await Runner.run(starting_agent=agent, input=state)
        return str(result.final_output)

    async def settle(self, state: RunState[Any], item: ToolApprovalItem) -> None:
        call = Call(
            call_id=item.call_id or "",
            name=item.tool_name or "",
            arguments=item.arguments or "",
        )
        decision = await self.decision(call)
        if not decision.approved:
            state.reject(approval_item=item, rejection_message=decision.why)
            return
        state.approve(approval_item=item)
