# outcome: NOT YET · schema
# says: at least one argument
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

QUESTION = "How many days are there until 2030-01-01?"


class DaysUntil(BaseModel):
    """Count the days from today until a date."""

    async def run(self) -> str:
        return f"{(date.fromisoformat('2030-01-01') - datetime.now(UTC).date()).days} days"


TOOLS = {"days_until": DaysUntil}
