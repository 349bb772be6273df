# outcome: PASSED
"""A draft is written, judged, and written again until it passes."""

from agents import Runner
from my.micro_agents.judging import Judged, Verdict, again, judge, writer
from temporalio import workflow

ROUNDS = 3


@workflow.defn
class JudgedNotice:
    @workflow.run
    async def run(self, alerts: str) -> Judged:
        return await self.attempt(alerts, alerts, 1)

    async def attempt(self, alerts: str, prompt: str, number: int) -> Judged:
        draft = (await Runner.run(writer(), prompt)).final_output
        verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
        if verdict.passed or number == ROUNDS:
            return Judged(text=draft, rounds=number, passed=verdict.passed)
        return await self.attempt(alerts, again(alerts, draft, verdict.feedback), number + 1)
