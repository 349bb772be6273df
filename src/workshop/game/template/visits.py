"""Notes where a visitor came from, by way of a service that knows addresses."""

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from workshop.tools import location

from my.game_day.times import TIMES


@activity.defn
async def find_address(visitor: str) -> str:
    return f"{visitor} came from {await location.get_ip_address()}"


@workflow.defn
class Visit:
    @workflow.run
    async def run(self, visitor: str) -> str:
        return await workflow.execute_activity(find_address, visitor, **TIMES)


WORKFLOWS = [Visit]
ACTIVITIES = [find_address]
