# outcome: PASSED
"""A tool of my own."""

from pydantic import BaseModel, Field

class Multiply(BaseModel):
    """Multiply two whole numbers."""

    first: int = Field(description="The first number.")
    second: int = Field(description="The second number.")

    async def run(self) -> str:
        return f"{self.first} times {self.second} is {self.first * self.second}."


TOOLS = {"multiply_numbers": Multiply}
QUESTION = "Multiply the two whole numbers 12 and 34."
