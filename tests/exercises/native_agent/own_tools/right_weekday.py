# outcome: PASSED
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

class Weekday(BaseModel):
    """Tell the weekday of a date, for example Monday."""

    day: str = Field(description="The date in the form 2026-01-31.")

    async def run(self) -> str:
        try:
            return date.fromisoformat(self.day).strftime("%A")
        except ValueError:
            raise ValueError(f"{self.day} is no date of the form 2026-01-31") from None


QUESTION = "Which weekday is the date 2027-03-01?"
TOOLS = {"weekday": Weekday}
