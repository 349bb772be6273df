# outcome: NOT YET · no limit
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
        task, number = alerts, 0
        while True:
            number += 1
            draft = str((await Runner.run(writer(), task)).final_output)
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
            if verdict.passed:
                return Judged(text=draft, rounds=number, passed=True)
            task = again(alerts, draft, verdict.feedback)
