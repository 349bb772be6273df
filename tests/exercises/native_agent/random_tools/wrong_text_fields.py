# outcome: NOT YET · schema
# says: low to be of type integer
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two others."""

    low: str = Field(description="The lowest number that may come.")
    high: str = Field(description="The highest number that may come.")

    async def run(self) -> str:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be greater than high ({self.high})")
        return str(random.randint(int(self.low), int(self.high)))


TOOLS = {"random_number": RandomNumber}
