# outcome: PASSED
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field


from asyncio import sleep


class RomanNumeral(BaseModel):
    """Write a number as a roman numeral."""

    number: int = Field(description="The number, at least 1.", ge=1, le=3999)

    async def run(self) -> str:
        await sleep(0.01)
        rest, numeral = self.number, ""
        for value, sign in (
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
            (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ):
            while rest >= value:
                numeral += sign
                rest -= value
        return f"{self.number} is {numeral}"


TOOLS = {"roman_numeral": RomanNumeral}
QUESTION = "Which roman numeral is the number 1987? Write it."
