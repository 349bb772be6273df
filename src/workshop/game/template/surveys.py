"""Counts the words of an answer to a survey."""

from temporalio import activity, workflow

from my.game_day.times import TIMES


@activity.defn
async def count(answer: str) -> int:
    return len(answer.split())


@workflow.defn
class Survey:
    @workflow.run
    async def run(self, answer: str) -> int:
        return await workflow.execute_activity(count, answer, **TIMES)


WORKFLOWS = [Survey]
ACTIVITIES = [count]
