# outcome: NOT YET · wrong decision
# says: from -9 to -5
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two numbers."""

    low: int = Field(description="The lowest number.", ge=0)
    high: int = Field(description="The highest number.", ge=0)

    async def run(self) -> str:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) is greater than high ({self.high})")
        return str(random.randint(self.low, self.high))


TOOLS = {"random_number": RandomNumber}
