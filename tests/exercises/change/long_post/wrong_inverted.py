# outcome: NOT YET · wrong decision
# says: go on while v1 is current
"""A post that lasts until it is ended, and moves to another version where its history begins anew."""

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from my.change.post import TIMEOUT, who_works


@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)
class LongPost:
    def __init__(self) -> None:
        self.wanted = 0
        self.over = False

    @workflow.signal
    def report(self) -> None:
        self.wanted += 1

    @workflow.signal
    def end(self) -> None:
        self.over = True

    def idle(self) -> bool:
        return self.wanted == 0 and not self.over

    @workflow.run
    async def run(self, log: list[str]) -> list[str]:
        while True:
            await workflow.wait_condition(lambda: not self.idle())
            if self.wanted == 0:
                return log
            log.append(await workflow.execute_activity(who_works, start_to_close_timeout=TIMEOUT))
            self.wanted -= 1
            if self.idle() and not workflow.info().is_target_worker_deployment_version_changed():
                workflow.continue_as_new(
                    args=[log],
                    initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
                )
