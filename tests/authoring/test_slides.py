"""A deck that needs nothing from outside itself."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.authoring.sample_lesson import markdown, write
from workshop import catalog, settings
from workshop.authoring import __main__ as cli
from workshop.authoring import notebooks
from workshop.authoring.outline import outline
from workshop.authoring.slides import LONGEST_ANSWER, answer, export


def test_of_a_long_answer_the_slide_shows_what_the_learner_writes() -> None:
    source = (
        "class A:\n    def run(self):\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION"
    )
    assert answer(source) == "class A:\n    def run(self):\n        return 1"
    more = "\n" + "\n".join(f"a{n} = {n}" for n in range(LONGEST_ANSWER))
    assert answer(source + more) == "# given: 2 lines\nreturn 1"


class Deck(HTMLParser):
    """What a deck holds, and what a browser would load for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.slides = 0
        self.loads: list[str] = []
        self.titles: list[str] = []
        self.styles = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.slides += self.open.count("section")
        if tag in ("section", "h1", "h2", "h3", "style"):
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.titles.append("")
        if tag != "a":
            self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]
        self.styles += "".join(value or "" for name, value in attrs if name == "style")

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag == self.open[-1]:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles += data
        elif self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.titles[-1] += data


def test_a_deck_has_each_exercise_and_loads_nothing() -> None:
    lesson = catalog.lesson(1)
    text = export(lesson.file)
    deck = Deck(text)
    pieces = outline(notebooks.read(lesson.file).cells)
    assert deck.slides == sum(piece.slide_type in ("slide", "subslide") for piece in pieces)
    for one in lesson.exercises:
        assert f"Exercise {one.id}: {one.title}" in deck.titles
        assert any(title.startswith(f"{one.id}: one answer, in {one.file}") for title in deck.titles)
    assert lesson.title in text[: text.index("<style>")]
    assert deck.loads, "the pictures"
    assert all(load.startswith("data:") for load in deck.loads)
    assert re.findall(r"@import|url\((?!['\"]?data:)", deck.styles) == []
    assert "BEGIN SOLUTION" not in text
    assert "await check(" not in text
    assert export(lesson.file) == text


def test_the_command_writes_decks_again_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "solutions" / "01_small.ipynb")
    own = settings.load().model_copy(update={"root": tmp_path})
    monkeypatch.setattr(settings, "load", lambda *_: own)
    for _ in range(2):
        result = CliRunner().invoke(cli.app, ["slides"])
        assert (result.exit_code, result.output) == (0, "build/slides/01_small.html: written\n")
    assert Deck((tmp_path / "build" / "slides" / "01_small.html").read_text()).slides == 7
    write(tmp_path / "solutions" / "02_untitled.ipynb", [markdown("Words", "a")])
    result = CliRunner().invoke(cli.app, ["slides", "2"])
    assert (result.exit_code, result.output) == (
        1,
        "02_untitled.ipynb: its first cell has no number and title\n",
    )
    monkeypatch.setitem(sys.modules, "pyreveal", None)
    monkeypatch.delitem(sys.modules, "workshop.authoring.slides")
    result = CliRunner().invoke(cli.app, ["slides", "1"])
    assert (result.exit_code, result.output) == (1, "pyreveal is not installed: run make setup-dev\n")
