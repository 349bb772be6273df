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
        number, passed, task = 0, False, alerts
        while not passed and number < ROUNDS:
            number += 1
            draft = (await Runner.run(writer(), task)).final_output
            verdict = (await Runner.run(judge(), draft)).final_output
            passed, task = verdict.passed, again(alerts, draft, verdict.feedback)
        return Judged(text=draft, rounds=number, passed=passed)
