# outcome: NOT YET · does not run
# says: my/native_agent/own_tools.py:
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

QUESTION = "How many days are there until 2030-01-01?"


class DaysUntil(BaseModel):
    """Count the days from today until a date."""

    day: str = Field(description="The date, as YYYY-MM-DD.")

    async def run(self) -> str:
        return f"{(date.fromisoformat(self.days) - datetime.now(UTC).date()).days} days"


TOOLS = {"days_until": DaysUntil}
