# outcome: PASSED
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
        before = {"previous_response_id": self.last} if self.last else {}
        asked = [{"role": "user", "content": question(number)}]
        result = await Runner.run(WATCH, asked, context=self.bulletin, auto_previous_response_id=True, **before)
        self.last = result.last_response_id
        self.note(number, str(result.final_output))
