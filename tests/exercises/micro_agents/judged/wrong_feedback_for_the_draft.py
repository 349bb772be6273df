# outcome: NOT YET · wrong data
# says: the two have changed places
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
        for rounds in range(1, ROUNDS + 1):
            draft = str((await Runner.run(writer(), text)).final_output)
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
            if verdict.passed:
                break
            text = again(alerts, verdict.feedback, draft)
        return Judged(text=draft, rounds=rounds, passed=verdict.passed)
