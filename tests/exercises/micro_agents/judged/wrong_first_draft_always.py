# outcome: NOT YET · forgets
"""A draft is written, judged, and written again until it passes."""

from agents import Runner
from my.micro_agents.judging import Judged, Verdict, again, judge, writer
from temporalio import workflow

ROUNDS = 3


@workflow.defn
class JudgedNotice:
    @workflow.run
    async def run(self, alerts: str) -> Judged:
        first = draft = (await Runner.run(writer(), alerts)).final_output
        for rounds in range(1, ROUNDS + 1):
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
            if verdict.passed or rounds == ROUNDS:
                break
            draft = (await Runner.run(writer(), again(alerts, first, verdict.feedback))).final_output
        return Judged(text=draft, rounds=rounds, passed=verdict.passed)
