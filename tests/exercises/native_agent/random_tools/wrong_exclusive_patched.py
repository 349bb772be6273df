# outcome: NOT YET · wrong decision
# says: did not come
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two numbers."""

    low: int = Field(description="The lowest number.")
    high: int = Field(description="The highest number.")

    async def run(self) -> str:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) is greater than high ({self.high})")
        if self.low == self.high:
            return str(self.low)
        return str(random.randrange(self.low, self.high))


TOOLS = {"random_number": RandomNumber}
