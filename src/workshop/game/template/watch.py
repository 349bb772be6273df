"""Looks out twice, some seconds apart; a run stays with the version it began with."""

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import VersioningBehavior

from my.game_day.times import TIMES


@activity.defn
async def look_out(place: str) -> str:
    return f"all quiet in {place}"


@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)
class Watch:
    @workflow.run
    async def run(self, place: str, pause: int) -> list[str]:
        first = await workflow.execute_activity(look_out, place, **TIMES)
        await workflow.sleep(timedelta(seconds=pause))
        return [first, await workflow.execute_activity(look_out, place, **TIMES)]


WORKFLOWS = [Watch]
ACTIVITIES = [look_out]
