# outcome: PASSED
"""A tool of my own."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

class CountLetters(BaseModel):
    """Count the letters of a word."""

    word: str = Field(description="The word whose letters are counted.")

    async def run(self) -> str:
        return f"{self.word} has {len(self.word)} letters."


TOOLS = {"count_letters": CountLetters}
QUESTION = 'Count the letters of the word "durability".'
