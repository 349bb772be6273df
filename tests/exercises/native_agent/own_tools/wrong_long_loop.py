# outcome: NOT YET · never ends
# says: to_thread
"""A tool of my own."""

import math

from pydantic import BaseModel, Field

QUESTION = 'Count the letters of the word "durability".'


class CountLetters(BaseModel):
    """Count the letters of a word."""

    word: str = Field(description="The word.")

    async def run(self) -> str:
        total = 0
        for n in range(10**10):
            total += n
        return str(len(self.word) + total * 0)


TOOLS = {"count_letters": CountLetters}
