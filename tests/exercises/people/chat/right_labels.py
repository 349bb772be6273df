# outcome: PASSED
"""A chat: one workflow for as long as it is wanted, one update for each message."""

import asyncio

from agents import Runner, TResponseInputItem
from my.people.desk import DESK
from temporalio import workflow


@workflow.defn
class Chat:
    def __init__(self) -> None:
        self.items: list[TResponseInputItem] = []
        self.lines: list[str] = []
        self.lock = asyncio.Lock()
        self.over = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.over and workflow.all_handlers_finished())

    @workflow.signal
    def leave(self) -> None:
        self.over = True

    @workflow.update
    async def say(self, text: str) -> str:
        """Say something, and get the desk's answer."""
        await self.lock.acquire()
        try:
            items = self.items + [{"role": "user", "content": text}]
            result = await Runner.run(DESK, items)
            answer = result.final_output_as(str)
            self.items = result.to_input_list()
            self.lines.append(f"You: {text}")
            self.lines.append(f"Desk: {answer}")
        finally:
            self.lock.release()
        return answer

    @workflow.query
    def history(self) -> list[str]:
        return list(self.lines)
