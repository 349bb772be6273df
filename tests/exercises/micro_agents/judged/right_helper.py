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
        prompt = alerts
        for number in range(ROUNDS):
            draft, verdict = await self.round(prompt)
            judged = Judged(text=draft, rounds=number + 1, passed=verdict.passed)
            if judged.passed:
                return judged
            prompt = again(alerts, draft, verdict.feedback)
        return judged

    async def round(self, prompt: str) -> tuple[str, Verdict]:
        written = await Runner.run(writer(), prompt)
        draft = written.final_output_as(str)
        judged = await Runner.run(judge(), draft)
        return draft, judged.final_output_as(Verdict)
