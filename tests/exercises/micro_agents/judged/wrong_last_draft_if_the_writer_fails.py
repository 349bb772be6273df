# outcome: NOT YET · swallows errors
# says: the run to fail, since the model has refused the writer's second call
"""A draft is written, judged, and written again until it passes."""

from agents import Runner
from my.micro_agents.judging import Judged, Verdict, again, judge, writer
from temporalio import workflow

ROUNDS = 3


@workflow.defn
class JudgedNotice:
    @workflow.run
    async def run(self, alerts: str) -> Judged:
        text, draft, verdict = alerts, "", None
        for rounds in range(1, ROUNDS + 1):
            try:
                draft = str((await Runner.run(writer(), text)).final_output)
            except Exception:
                if verdict is None:
                    raise
                return Judged(text=draft, rounds=rounds - 1, passed=verdict.passed)
            verdict = (await Runner.run(judge(), draft)).final_output_as(Verdict)
            if verdict.passed:
                break
            text = again(alerts, draft, verdict.feedback)
        return Judged(text=draft, rounds=rounds, passed=verdict.passed)
