# outcome: PASSED
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Give a random number from low to high, both included."""

    low: int
    high: int

    async def run(self) -> str:
        if not self.low <= self.high:
            raise ValueError("low must not be greater than high")
        number = random.randrange(self.low, self.high + 1)
        return f"{number}"


TOOLS = {"random_number": RandomNumber}
