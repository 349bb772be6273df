# outcome: NOT YET · missing
# says: context=self.bulletin
"""The watch whose conversation the provider keeps."""

from agents import Runner
from my.watch.agent import WATCH
from my.watch.places import question
from my.watch.watch import Watch
from temporalio import workflow


@workflow.defn
class RememberedWatch(Watch):
    def __init__(self) -> None:
        super().__init__()
        self.last: str | None = None

    @workflow.run
    async def run(self, checks: int) -> dict[str, str]:
        return await super().run(checks)

    async def make_check(self, number: int) -> None:
        result = await Runner.run(WATCH, question(number), previous_response_id=self.last, auto_previous_response_id=True)
        self.last = result.last_response_id
        self.note(number, result.final_output)
