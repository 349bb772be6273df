# outcome: NOT YET · forgets
# says: which came while another was being answered
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
        items = [*self.items, {"role": "user", "content": question}]
        async with self.lock:
            result = await Runner.run(make_agent(), items)
            self.items = result.to_input_list()
        return str(result.final_output)
