# outcome: PASSED
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Get a random whole number between two others."""

    low: int = Field(description="The lowest number.")
    high: int = Field(description="The highest number.")

    async def run(self) -> str:
        try:
            return str(random.randint(self.low, self.high))
        except ValueError as error:
            raise ValueError("The lowest number is greater than the highest.") from error


TOOLS = {"random_number": RandomNumber}
