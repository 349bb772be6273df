# outcome: NOT YET · told in words
# says: 1 model calls
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
            passed = len(draft.split()) <= 20
            if passed:
                break
            text = again(alerts, draft, f"It has {len(draft.split())} words, and at most 20 are allowed.")
        return Judged(text=draft, rounds=rounds, passed=passed)
