# outcome: PASSED
"""A chat: one workflow for the whole conversation, one update for each message."""

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

    @workflow.query
    def history(self) -> list[str]:
        return [*self.lines]

    @workflow.update
    async def say(self, text: str) -> str:
        async with self.lock:
            self.lines.append(text)
            try:
                result = await Runner.run(DESK, [*self.items, {"role": "user", "content": text}])
            except BaseException:
                self.lines.pop()
                raise
            self.items, answer = result.to_input_list(), str(result.final_output)
            self.lines.append(answer)
            return answer
