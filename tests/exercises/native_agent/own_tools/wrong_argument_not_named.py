# outcome: NOT YET · told in words
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

class DaysUntil(BaseModel):
    """Get the number of days until a date."""

    day: date = Field(description="The date, as YYYY-MM-DD.")

    async def run(self) -> str:
        return str((self.day - datetime.now(UTC).date()).days)


TOOLS = {"days_until": DaysUntil}
QUESTION = "How many days until the date?"
