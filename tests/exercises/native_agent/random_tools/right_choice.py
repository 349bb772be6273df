# outcome: PASSED
"""Random numbers for the agent."""

import secrets

from pydantic import BaseModel, Field


class RandomNumber(BaseModel):
    """Draw a random integer from a range, both ends included."""

    high: int = Field(description="Upper end of the range.")
    low: int = Field(description="Lower end of the range.")

    async def run(self) -> str:
        try:
            return f"{secrets.choice(range(self.low, self.high + 1))}"
        except IndexError:
            raise ValueError("nothing lies between these: low must be the smaller one") from None


TOOLS = {"random_number": RandomNumber}
