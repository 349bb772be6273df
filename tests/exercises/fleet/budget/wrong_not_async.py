# outcome: NOT YET · of another kind
# says: `on_llm_start` is a plain `def`
"""What an errand may spend, and what it has."""

from agents import Agent, ModelResponse, RunHooks
from temporalio.exceptions import ApplicationError


class Budget(RunHooks):
    def __init__(self, most: int, spent: int = 0) -> None:
        self.most = most
        self.spent = spent

    def on_llm_end(self, context, agent, response: ModelResponse) -> None:
        self.spent += response.usage.total_tokens

    def on_llm_start(self, context, agent: Agent, system_prompt, input_items) -> None:
        if self.spent >= self.most:
            raise ApplicationError(f"{self.spent} of {self.most} tokens are spent", type="BudgetSpent", non_retryable=True)
