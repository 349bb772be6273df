# outcome: NOT YET · too much
# says: the same run again to tell of nothing
"""The alert: looks at the fleet, and tells what is new."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.fleet.finding import Finding
    from my.fleet.looks import look, tell

TIMEOUT = timedelta(seconds=30)


@workflow.defn
class Alert:
    @workflow.run
    async def run(self) -> list[Finding]:
        found = await workflow.execute_activity(look, start_to_close_timeout=TIMEOUT)
        news = found
        if news:
            await workflow.execute_activity(tell, news, start_to_close_timeout=TIMEOUT)
        return found
