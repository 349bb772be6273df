"""Waits until a person has decided, for as long as it takes."""

from temporalio import workflow


@workflow.defn
class Approval:
    def __init__(self) -> None:
        self.decided = ""

    @workflow.run
    async def run(self, question: str) -> str:
        await workflow.wait_condition(lambda: bool(self.decided))
        return f"{question} {self.decided}"

    @workflow.signal
    def decide(self, answer: str) -> None:
        self.decided = answer


WORKFLOWS = [Approval]
ACTIVITIES = []
