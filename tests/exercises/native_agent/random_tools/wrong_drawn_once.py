# outcome: NOT YET · wrong data
# says: thirty times
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


_DRAWN = random.random()


class RandomNumber(BaseModel):
    """Get a random whole number between two numbers."""

    low: int = Field(description="The lowest number.")
    high: int = Field(description="The highest number.")

    async def run(self) -> str:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) is greater than high ({self.high})")
        return str(self.low + int(_DRAWN * (self.high - self.low + 1)))


TOOLS = {"random_number": RandomNumber}
