# outcome: PASSED
import asyncio
from typing import Any

from agents import Agent, Runner, TResponseInputItem
from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

DESK = Agent(name="Desk", instructions="Answer with a haiku.")
INTERRUPTED = "You wrote again: see the answer to that."


@workflow.defn
class Desk:
    def __init__(self) -> None:
        self.items: list[TResponseInputItem] = []
        self.thinking: asyncio.Task[Any] | None = None
        self.over = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.over and workflow.all_handlers_finished())

    @workflow.signal
    def leave(self) -> None:
        self.over = True

    @workflow.update
    async def say(self, text: str) -> str:
        self.items.append({"role": "user", "content": text})
        if self.thinking is not None and not self.thinking.done():
            self.thinking.cancel()
        mine = self.thinking = asyncio.create_task(Runner.run(DESK, list(self.items)))
        await asyncio.wait([mine])
        if mine.cancelled() or (mine.exception() and is_cancelled_exception(mine.exception())):
            return INTERRUPTED
        self.items = mine.result().to_input_list()
        return str(mine.result().final_output)
