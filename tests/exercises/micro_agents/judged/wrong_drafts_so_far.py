# outcome: NOT YET · too much
# says: in round 3 it was given this besides
"""A draft is written, judged, and written again until it passes."""

from agents import Runner
from my.micro_agents.judging import Judged, Verdict, again, judge, writer
from temporalio import workflow

ROUNDS = 3


@workflow.defn
class JudgedNotice:
    @workflow.run
    async def run(self, alerts: str) -> Judged:
        text = alerts
        drafts = []
        for number in range(1, ROUNDS + 1):
            draft = (await Runner.run(writer(), text)).final_output
            drafts.append(draft)
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
            if verdict.passed:
                break
            text = again(alerts, "\n\n".join(drafts), verdict.feedback)
        return Judged(text=draft, rounds=number, passed=verdict.passed)
