# outcome: PASSED
# start_activity, by name, another timeout (timeouts may change), a log line
from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Fee:
    @workflow.run
    async def run(self, account: str) -> str:
        charge = workflow.start_activity("withdraw", args=[account, 1], start_to_close_timeout=timedelta(seconds=5))
        await charge
        workflow.logger.info("charged %s", account)
        return "charged " + account
