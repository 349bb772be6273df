# outcome: NOT YET · wrong failure
# says: a ValueError of yours
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two others."""

    low: int = Field(description="The lowest number that may come.")
    high: int = Field(description="The highest number that may come.")

    async def run(self) -> str:
        return str(random.randint(self.low, self.high))


TOOLS = {"random_number": RandomNumber}
