# outcome: PASSED
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
        known = []
        if workflow.has_last_completion_result():
            known = [one.run for one in workflow.get_last_completion_result(list[Finding])]
        news = list(filter(lambda one: one.run not in known, found))
        if len(news) > 0:
            await workflow.execute_activity(tell, news, start_to_close_timeout=TIMEOUT)
        return found
