# outcome: NOT YET · schema
# says: the fields low, high
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two others."""

    minimum: int = Field(description="The lowest number that may come.")
    maximum: int = Field(description="The highest number that may come.")

    async def run(self) -> str:
        if self.minimum > self.maximum:
            raise ValueError(f"low ({self.minimum}) must not be greater than high ({self.maximum})")
        return str(random.randint(self.minimum, self.maximum))


TOOLS = {"random_number": RandomNumber}
