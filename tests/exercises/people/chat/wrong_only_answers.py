# outcome: NOT YET · forgets
# says: each message and its answer in order
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

    @workflow.query
    def history(self) -> list[str]:
        return self.lines

    @workflow.update
    async def say(self, text: str) -> str:
        async with self.lock:
            result = await Runner.run(DESK, [*self.items, {"role": "user", "content": text}])
            self.items = result.to_input_list()
            self.lines += [str(result.final_output)]
            return self.lines[-1]
