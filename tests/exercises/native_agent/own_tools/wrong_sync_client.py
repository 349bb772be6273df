# outcome: NOT YET · never ends
# says: a synchronous connection
"""A tool of my own."""

import urllib.request

from pydantic import BaseModel, Field

QUESTION = 'Count the letters of the word "durability".'


class CountLetters(BaseModel):
    """Count the letters of a word."""

    word: str = Field(description="The word.")

    async def run(self) -> str:
        with urllib.request.urlopen("http://127.0.0.1:9/") as page:
            return str(len(page.read()))


TOOLS = {"count_letters": CountLetters}
