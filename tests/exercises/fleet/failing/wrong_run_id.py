# outcome: NOT YET · wrong data
# says: the workflow's id in a finding's `run`
"""The first look: runs whose code fails at each attempt."""

from my.fleet.finding import Finding
from temporalio.client import Client


async def failing(client: Client) -> list[Finding]:
    query = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
    findings = []
    async for execution in client.list_workflows(query):
        findings.append(
            Finding(run=execution.run_id, problem="The workflow task fails.", remedy="Deploy code that does not fail.")
        )
    return findings
