# outcome: PASSED
"""A tool of my own."""

import time
from asyncio import sleep

from pydantic import BaseModel, Field

QUESTION = "How many letters are in the word durable?"


class CountLetters(BaseModel):
    """Count the letters in a word."""

    word: str = Field(description="The word whose letters are counted.")

    async def run(self) -> str:
        began = time.monotonic()
        await sleep(0.2)
        return f"{len(self.word)}, counted in less than a minute: {time.monotonic() - began < 60}"


TOOLS = {"count_letters": CountLetters}
