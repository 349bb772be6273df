# outcome: NOT YET · wrong decision
"""A post that is never pinned for ever: it moves to another version when its history begins anew."""

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from my.change.post import REPORTS, TIMEOUT, who_works


@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)
class LongPost:
    def __init__(self) -> None:
        self.wanted = 0

    @workflow.signal
    def report(self) -> None:
        self.wanted += 1

    @workflow.run
    async def run(self, log: list[str]) -> list[str]:
        while len(log) < REPORTS:
            await workflow.wait_condition(lambda: self.wanted > 0)
            log.append(await workflow.execute_activity(who_works, start_to_close_timeout=TIMEOUT))
            self.wanted -= 1
            if self.wanted == 0 and not workflow.info().is_target_worker_deployment_version_changed():
                workflow.continue_as_new(
                    args=[log],
                    initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
                )
        return log
