# outcome: NOT YET · too much
# says: was sent 2 times
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
        if self.thinking:
            self.thinking.cancel()
        self.thinking = asyncio.ensure_future(Runner.run(DESK, list(self.items)))
        try:
            result = await self.thinking
        except (asyncio.CancelledError, ActivityError) as error:
            if is_cancelled_exception(error):
                return INTERRUPTED
            raise
        self.items += result.to_input_list()
        return str(result.final_output)
