# outcome: NOT YET · of another kind
# says: a class derived from BaseModel
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

QUESTION = "How many days are there until 2030-01-01?"


async def days_until(day: str) -> str:
    """Count the days from today until a date."""
    return f"{(date.fromisoformat(day) - datetime.now(UTC).date()).days} days"


TOOLS = {"days_until": days_until}
