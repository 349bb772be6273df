# outcome: NOT YET · never ends
# says: create_subprocess_exec
"""A tool of my own."""

import subprocess

from pydantic import BaseModel, Field

QUESTION = 'Count the letters of the word "durability".'


class CountLetters(BaseModel):
    """Count the letters of a word."""

    word: str = Field(description="The word.")

    async def run(self) -> str:
        out = subprocess.run(["echo", self.word], capture_output=True, text=True, check=True)
        return str(len(out.stdout.strip()))


TOOLS = {"count_letters": CountLetters}
