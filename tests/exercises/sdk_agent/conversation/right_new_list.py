# outcome: PASSED
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
        """Answer the question, knowing all that was said before."""
        new: TResponseInputItem = {"role": "user", "content": question}
        async with self.lock:
            result = await Runner.run(make_agent(), input=[*self.items, new])
            self.items = result.to_input_list()
        return result.final_output_as(str)

    @ask.validator
    def check_question(self, question: str) -> None:
        if not question.strip():
            raise ValueError("An empty question has no answer.")
