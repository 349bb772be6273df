# outcome: NOT YET · wrong order
# says: of hooks, there is only
"""What an errand may spend, and what it has."""

from agents import Agent, ModelResponse, RunHooks
from temporalio.exceptions import ApplicationError


class Budget(RunHooks):
    def __init__(self, most: int, spent: int = 0) -> None:
        self.most = most
        self.spent = spent

    async def on_agent_start(self, context: object, agent: Agent) -> None:
        if self.spent >= self.most:
            raise ApplicationError(f"spent {self.spent}", type="BudgetSpent", non_retryable=True)

    async def on_llm_end(self, context: object, agent: Agent, response: ModelResponse) -> None:
        self.spent += response.usage.total_tokens
