"""A text that is shown as it grows."""

from __future__ import annotations

import asyncio

import pytest

from workshop import lab
from workshop import view as show
from workshop.view.spoken import Words


def test_it_notes_how_often_a_text_began() -> None:
    words = show.words()
    for text in ("The", "The tide", "The", "The tide", "The tide pulls", "A"):
        words(text)
    assert (words.text, words.begun) == ("A", 3)


async def test_it_tells_when_there_are_so_many_words() -> None:
    words = Words(live=False)
    waiting = asyncio.ensure_future(words.reached(2, timeout=5))
    words("One")
    await asyncio.sleep(0)
    assert not waiting.done()
    words("One two")
    await waiting
    with pytest.raises(lab.LabTimeout, match="the text has 2 words"):
        await words.reached(3, timeout=0.01)


def test_live_it_is_a_widget(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("workshop.view.spoken.display", shown.append)
    words = Words(live=True)
    words("a < b")
    (widget,) = shown
    assert "a &lt; b" in widget.value  # type: ignore[attr-defined]
