# outcome: NOT YET · messages
# says: it refuses by raising a ValueError
from agents import Runner
from my.micro_agents.papers import Report, Triage
from my.micro_agents.report import research
from my.micro_agents.research_team import triage_agent
from temporalio import workflow


@workflow.defn
class Research:
    def __init__(self) -> None:
        self.asked = ""
        self.answer = ""

    @workflow.run
    async def run(self, question: str) -> Report:
        triage = (await Runner.run(triage_agent(), question)).final_output_as(Triage)
        if not triage.clear:
            self.asked = triage.question
            await workflow.wait_condition(lambda: bool(self.answer))
            question = f"{question}\nClarification: {self.answer}"
        return await research(question)

    @workflow.query
    def open_question(self) -> str:
        return "" if self.answer else self.asked

    @workflow.update
    async def clarify(self, answer: str) -> None:
        self.answer = answer

    @clarify.validator
    def is_valid(self, answer: str) -> bool:
        if not self.asked or self.answer:
            return False
        return bool(answer.strip())
