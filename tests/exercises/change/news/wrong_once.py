# outcome: NOT YET · wrong decision
# says: after each answer
"""The watch, which tells its subscribers."""

from datetime import timedelta

from agents import Runner
from my.change.watch import TIMEOUT, make_agent
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.change.activities import tell_subscribers


@workflow.defn
class Watch:
    @workflow.run
    async def run(self, places: list[str]) -> list[str]:
        log: list[str] = []
        for n, place in enumerate(places, start=1):
            if n > 1:
                await workflow.sleep(timedelta(days=1))
            question = f"Check {n}: are there any weather alerts in {place}?"
            result = await Runner.run(make_agent(), question)
            answer = str(result.final_output)
            log.append(answer)
            if workflow.patched("news") and n == 1:
                await workflow.execute_activity(tell_subscribers, answer, start_to_close_timeout=TIMEOUT)
        return log
