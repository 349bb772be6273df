"""Where an address is."""

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from workshop.tools import location

from my.game_day.times import TIMES


@activity.defn
async def locate(address: str) -> str:
    return await location.get_location_info(address)


@workflow.defn
class Place:
    @workflow.run
    async def run(self, address: str) -> str:
        return await workflow.execute_activity(locate, address, **TIMES)


WORKFLOWS = [Place]
ACTIVITIES = [locate]
