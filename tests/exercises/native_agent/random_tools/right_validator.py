# outcome: PASSED
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field, model_validator


class RandomNumber(BaseModel):
    """A random number between low and high."""

    low: int = Field(description="lowest number")
    high: int = Field(description="highest number")

    @model_validator(mode="after")
    def in_order(self) -> "RandomNumber":
        if self.high < self.low:
            raise ValueError("low must not be above high")
        return self

    async def run(self) -> str:
        return str(random.randrange(self.low, self.high + 1))


TOOLS = {"random_number": RandomNumber}
