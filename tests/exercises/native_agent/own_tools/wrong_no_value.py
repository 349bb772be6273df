# outcome: NOT YET · told in words
# says: the model answered without it
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

QUESTION = "How many days are there until spring?"


class DaysUntil(BaseModel):
    """Count the days from today until a date."""

    day: str = Field(description="The date, as YYYY-MM-DD.")

    async def run(self) -> str:
        return f"{(date.fromisoformat(self.day) - datetime.now(UTC).date()).days} days"


TOOLS = {"days_until": DaysUntil}
