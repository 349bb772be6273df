# outcome: NOT YET · of another kind
# says: a string from `run`
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two others."""

    low: int = Field(description="The lowest number that may come.")
    high: int = Field(description="The highest number that may come.")

    async def run(self) -> str:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be greater than high ({self.high})")
        return random.randint(self.low, self.high)


TOOLS = {"random_number": RandomNumber}
