# outcome: NOT YET · wrong data
# says: one ends with '\nAre there
import asyncio

from agents import Runner, TResponseInputItem
from my.sdk_agent.limited import make_agent
from temporalio import workflow


@workflow.defn
class Conversation:
    def __init__(self) -> None:
        self.items: list[TResponseInputItem] = []
        self.lock = asyncio.Lock()
        self.over = False

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self.over and workflow.all_handlers_finished())
        return len(self.items)

    @workflow.signal
    def end(self) -> None:
        self.over = True

    @workflow.update
    async def ask(self, question: str) -> str:
        async with self.lock:
            said = "\n".join(str(item.get("content", "")) for item in self.items)
            result = await Runner.run(make_agent(), f"{said}\n{question}")
            self.items = result.to_input_list()
            return str(result.final_output)
