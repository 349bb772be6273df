# outcome: NOT YET · wrong decision
# says: described in other words
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
        before = workflow.get_last_completion_result(list[Finding]) or []
        news = [finding for finding in found if finding not in before]
        if news:
            await workflow.execute_activity(tell, news, start_to_close_timeout=TIMEOUT)
        return found
