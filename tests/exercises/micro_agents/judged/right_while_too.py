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
        rounds = 1
        draft = (await Runner.run(writer(), alerts)).final_output
        verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
        while not verdict.passed and rounds < ROUNDS:
            rounds += 1
            prompt = again(alerts, draft, verdict.feedback)
            draft = (await Runner.run(writer(), prompt)).final_output
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
        return Judged(text=draft, rounds=rounds, passed=verdict.passed)
