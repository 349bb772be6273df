# outcome: PASSED
"""Random numbers for the agent."""

import random

from pydantic import BaseModel, Field


DICE = random.SystemRandom()


class RandomNumber(BaseModel):
    """Draw a random whole number.

    The lowest and the highest number may both be drawn.
    """

    low: int = Field(description="lowest number that may be drawn, for example 1")
    high: int = Field(description="highest number that may be drawn, for example 6")

    def _check(self) -> None:
        if self.high < self.low:
            raise ValueError(f"The lowest number {self.low} is greater than the highest, {self.high}.")

    async def run(self) -> str:
        self._check()
        return str(DICE.choice(range(self.low, self.high + 1)))


TOOLS = {"random_number": RandomNumber}
