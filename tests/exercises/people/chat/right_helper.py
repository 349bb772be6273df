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
        async with self.lock:
            return await self.turn(text)

    async def turn(self, text: str) -> str:
        asked = list(self.items)
        asked.append({"role": "user", "content": text})
        result = await Runner.run(starting_agent=DESK, input=asked)
        answer = str(result.final_output)
        self.items[:] = result.to_input_list()
        self.lines.extend((text, answer))
        return answer

    @workflow.query
    def history(self) -> list[str]:
        return self.lines.copy()
