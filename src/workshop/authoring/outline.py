"""What each cell of a lesson is on its slides.

A cell may say so itself, with ``slideshow`` metadata (of a cell with several headings this holds for the first
piece). One that says nothing inherits it by its role:

- The first cell and each heading of level 1 or 2 begin a **slide**, all other headings a **subslide**. A cell with
  several headings is cut into pieces before each of them.
- An exercise's solution is a **subslide** right after its task.
- A code cell with a stored output is a **subslide** too; below a few words that have begun one, it stays there (**-**).
- Prose is a **fragment** below the cell before it, or a **subslide** where that cell is left out.
- **Skip**: what has no place on a wall. The cells that start the lab or let solutions stand in, files that the lesson
  gives, code that shows nothing, checks, lines that name a hint, questions with their answers, where to read on.
"""

# nbformat is typed only in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from nbformat.notebooknode import NotebookNode

from workshop.authoring.page import grader, headings

SlideType = Literal["slide", "subslide", "fragment", "notes", "skip", "-"]
"""Jupyter's own words. ``-``: the cell goes on where the one before it stands."""

SLIDE_TYPES: tuple[str, ...] = get_args(SlideType)
BEGINS: tuple[SlideType, ...] = ("slide", "subslide")
HIDDEN: tuple[SlideType, ...] = ("notes", "skip")

FEW_WORDS = 300
"""Characters of prose that leave room for a code cell and its output below."""

_SETS_UP = re.compile(r"(?:lab\.(?:start|stand_in)\(.*\)|(?:from|import) .*|)$")
_HINT = re.compile(r"^Stuck\? Run `hint\(")
_NOT_FOR_A_ROOM = re.compile(r"\bquestions\b|\bread on\b", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """A cell on the slides, or a part of one.

    Attributes:
        place: The cell's place in the notebook, from 0.
        cell: The cell, with no more than this piece's source.
        slide_type: What it is on the slides.
    """

    place: int
    cell: NotebookNode
    slide_type: SlideType

    @property
    def heading(self) -> tuple[int, str] | None:
        """Level and words of the heading that it begins with."""
        return _heading(self.cell)


def said(cell: NotebookNode) -> object:
    """What a cell's own metadata says, whatever that is; None if they say nothing."""
    slideshow = cell.metadata.get("slideshow")
    return slideshow.get("slide_type") if isinstance(slideshow, dict) else slideshow


def outline(cells: Sequence[NotebookNode]) -> list[Piece]:
    """All cells in order, each with what it says that it is, or else with what it inherits."""
    pieces: list[Piece] = []
    for place, cell in enumerate(cells):
        own = said(cell)
        for number, part in enumerate(_parts(cell)):
            says = own in SLIDE_TYPES and not number
            pieces.append(Piece(place, part, cast(SlideType, own) if says else _inherited(part, pieces)))
    return pieces


def inherited(cells: Sequence[NotebookNode], place: int) -> SlideType:
    """What a cell, or its first piece, would be if it said nothing."""
    silent = NotebookNode(cells[place])
    silent.metadata = NotebookNode({k: v for k, v in silent.metadata.items() if k != "slideshow"})
    return next(piece.slide_type for piece in outline([*cells[:place], silent]) if piece.place == place)


def _inherited(cell: NotebookNode, before: Sequence[Piece]) -> SlideType:
    previous = before[-1] if before else None
    if previous is None:
        return "slide"
    if cell.cell_type == "code":
        if grader(cell):
            return "subslide" if grader(cell).get("solution") else "skip"
        if not cell.outputs or cell.source.startswith("%%writefile") or _sets_up(cell.source):
            return "skip"
        seen = [one for one in before if one.slide_type not in HIDDEN]
        return "-" if seen and _leaves_room(seen[-1]) else "subslide"
    if heading := _heading(cell):
        level, words = heading
        if _NOT_FOR_A_ROOM.search(words):
            return "skip"
        return "slide" if level <= 2 else "subslide"
    if _HINT.match(cell.source) or "<details" in cell.source:
        return "skip"
    return "subslide" if previous.slide_type in HIDDEN else "fragment"


def _leaves_room(piece: Piece) -> bool:
    words = piece.cell.cell_type == "markdown" and not piece.heading
    return words and piece.slide_type == "subslide" and len(piece.cell.source) <= FEW_WORDS


def _sets_up(source: str) -> bool:
    return all(_SETS_UP.match(line) for line in source.split("\n"))


def _heading(cell: NotebookNode) -> tuple[int, str] | None:
    if cell.cell_type != "markdown":
        return None
    first = cell.source.lstrip("\n").split("\n")[0]
    return next(((level, words) for _, level, words in headings(first)), None)


def _parts(cell: NotebookNode) -> Iterator[NotebookNode]:
    if cell.cell_type != "markdown":
        yield cell
        return
    lines = cell.source.split("\n")
    starts = [0, *(n for n, _, _ in headings(cell.source) if n)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True)):
        text = "\n".join(lines[start:end]).strip("\n")
        part = NotebookNode(cell, source=text, id=f"{cell.id}-{number}" if number else cell.id)
        if text or len(starts) == 1:
            yield part


__all__ = [
    "BEGINS",
    "FEW_WORDS",
    "HIDDEN",
    "SLIDE_TYPES",
    "Piece",
    "SlideType",
    "inherited",
    "outline",
    "said",
]
