"""The line that says what a cell waits for: not at once, then anew each time, and how long it was in the end."""

from __future__ import annotations

import asyncio
from typing import Any

import IPython.display
import pytest

from workshop.errors import LabError
from workshop.lab import waiting_line


class Shown:
    """Stands in for a notebook: what is displayed, and each text that it becomes."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def update(self, data: dict[str, str], **how: Any) -> None:
        self.texts.append(data["text/html"])

    def display(self, data: dict[str, str], **how: Any) -> Shown:
        self.update(data)
        return self


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    notebook = Shown()
    monkeypatch.setattr(IPython.display, "display", notebook.display)
    monkeypatch.setattr(waiting_line, "_is_read", lambda: True)
    monkeypatch.setattr(waiting_line, "_EVERY", 0)
    return notebook


async def test_a_short_wait_shows_nothing(shown: Shown) -> None:
    async with waiting_line.telling(lambda: asyncio.sleep(0, "1 of 2")):
        await asyncio.sleep(0)
    assert shown.texts == []


async def test_a_long_wait_says_how_far_it_is_and_then_how_long_it_was(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_line, "_AFTER", 0)
    steps = iter(["1 < 2", LabError("the gateway does not answer"), "2 of 2"])
    over = asyncio.Event()

    async def how_far() -> str:
        step = next(steps, None)
        if isinstance(step, LabError):
            raise step
        if step is None:
            over.set()
        return step or "2 of 2"

    async with waiting_line.telling(how_far):
        await asyncio.wait_for(over.wait(), 10)
    assert shown.texts[:3] == ["<i>Waiting.</i>", "<i>1 &lt; 2</i>", "<i>2 of 2</i>"]
    assert shown.texts[-1] == "<i>Waited 0 s.</i>"


async def test_outside_a_notebook_there_is_none() -> None:
    assert not waiting_line._is_read()
