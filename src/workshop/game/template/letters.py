"""Writes a letter to each person of a list, and posts it; a long list is done in several runs."""

from temporalio import activity, workflow

from my.game_day.times import TIMES


@activity.defn
async def post(to: str) -> str:
    return f"posted: Dear {to}, the sun shines."


@workflow.defn
class Letters:
    @workflow.run
    async def run(self, people: list[str], posted: int = 0) -> str:
        for number, person in enumerate(people):
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(args=[people[number:], posted])
            await workflow.execute_activity(post, person, **TIMES)
            posted += 1
        return f"{posted} letters posted"


WORKFLOWS = [Letters]
ACTIVITIES = [post]
