# outcome: NOT YET · too much
# says: it was run with an empty list
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
        known = {finding.run for finding in workflow.get_last_completion_result(list[Finding]) or []}
        new = [finding for finding in found if finding.run not in known]
        await workflow.execute_activity(tell, new, start_to_close_timeout=TIMEOUT)
        return found
