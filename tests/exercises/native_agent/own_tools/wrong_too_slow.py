# outcome: NOT YET · never ends
# says: count_letters to answer in time
"""A tool of my own."""

import asyncio
from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

QUESTION = "How many letters are in the word durable?"


class CountLetters(BaseModel):
    """Count the letters in a word."""

    word: str = Field(description="The word whose letters are counted.")

    async def run(self) -> str:
        await asyncio.sleep(60)
        return str(len(self.word))


TOOLS = {"count_letters": CountLetters}
