# outcome: NOT YET · too much
# says: after 3 rounds, the writer was asked again
"""A draft is written, judged, and written again until it passes."""

from agents import Runner
from my.micro_agents.judging import Judged, Verdict, again, judge, writer
from temporalio import workflow

ROUNDS = 3


@workflow.defn
class JudgedNotice:
    @workflow.run
    async def run(self, alerts: str) -> Judged:
        draft = (await Runner.run(writer(), alerts)).final_output
        passed = False
        rounds = 0
        while not passed and rounds < ROUNDS:
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
            rounds += 1
            passed = verdict.passed
            if not passed:
                draft = (await Runner.run(writer(), again(alerts, draft, verdict.feedback))).final_output
        return Judged(text=draft, rounds=rounds, passed=passed)
