# outcome: NOT YET · of another kind
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field
from temporalio.exceptions import ApplicationError


class RandomNumber(BaseModel):
    """Get a random whole number between two numbers."""

    low: int = Field(description="The lowest number.")
    high: int = Field(description="The highest number.")

    async def run(self) -> str:
        if self.low > self.high:
            raise ApplicationError("low is greater than high", non_retryable=True)
        return str(random.randint(self.low, self.high))


TOOLS = {"random_number": RandomNumber}
