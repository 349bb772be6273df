"""``words = show.words()``: a line that shows a text as it grows, and notes how often it began anew."""

from __future__ import annotations

import asyncio
import os

import ipywidgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop.errors import LabTimeout
from workshop.view.document import Paragraph, View


class Words:
    """Call it with all of the text so far, each time that there is more of it.

    Attributes:
        text: The latest.
        begun: How many times a text began: once, and again whenever what came does not go on from the text before.
    """

    def __init__(self, *, live: bool) -> None:
        self.text = ""
        self.begun = 0
        self._changed = asyncio.Event()
        self._shown = ipywidgets.HTML() if live else None
        if live:
            display(self._shown)  # type: ignore[no-untyped-call]

    def __call__(self, text: str) -> None:
        """Show this."""
        if not self.text or not text.startswith(self.text):
            self.begun += 1
        self.text = text
        self._changed.set()
        if self._shown is not None:
            self._shown.value = View("words", [Paragraph(text)]).html()

    async def reached(self, count: int, timeout: float = 30.0) -> None:
        """Wait until the text has this many words.

        Raises:
            LabTimeout: it has not, in that many seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while len(self.text.split()) < count:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            told = f"After {timeout:g} s the text has {len(self.text.split())} words."
            raise LabTimeout(told) from None


def words() -> Words:
    """A line in this cell's output; where views are to be static, nothing is shown."""
    return Words(live=os.environ.get("WORKSHOP_VIEWS") != "static")


__all__ = ["Words", "words"]
