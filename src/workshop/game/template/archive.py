"""Looks something up in the library."""

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from workshop.tools import library

from my.game_day.times import TIMES


@activity.defn
async def search(subject: str) -> str:
    found = await library.search_library(subject)
    return found[:500]


@workflow.defn
class LookUp:
    @workflow.run
    async def run(self, subject: str) -> str:
        return await workflow.execute_activity(search, subject, **TIMES)


WORKFLOWS = [LookUp]
ACTIVITIES = [search]
