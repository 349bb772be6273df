"""Writes a letter, and posts it."""

from temporalio import activity, workflow

from my.game_day.times import TIMES


@activity.defn
async def write(to: str) -> str:
    return f"Dear {to}, the sun shines."


@activity.defn
async def post(letter: str) -> str:
    return f"posted: {letter}"


@workflow.defn
class Letter:
    @workflow.run
    async def run(self, to: str) -> str:
        letter = await workflow.execute_activity(write, to, **TIMES)
        return await workflow.execute_activity(post, letter, **TIMES)


WORKFLOWS = [Letter]
ACTIVITIES = [write, post]
