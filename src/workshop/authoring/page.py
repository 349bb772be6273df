"""A solution notebook as the rules look at it, and what a rule has to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from workshop.catalog import LESSON_HEADING

_FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^(#{1,6}) +(\S.*?)\s*$")


@dataclass(frozen=True)
class Problem:
    """One place where a lesson breaks a rule.

    Attributes:
        file: The notebook's name.
        cell: The cell's place, from 0; None if it concerns the whole notebook.
        what: What is wrong.
        mend: How to put it right.
    """

    file: str
    cell: int | None
    what: str
    mend: str

    def __str__(self) -> str:
        where = "" if self.cell is None else f" cell {self.cell}:"
        return f"{self.file}:{where} {self.what}: {self.mend}"


class Page:
    """One solution notebook. Cells count from 0, as nbval counts them."""

    def __init__(self, path: Path, notebook: NotebookNode, raw: str) -> None:
        self.path = path
        self.notebook = notebook
        self.raw = raw
        self.cells: list[NotebookNode] = notebook.cells

    @property
    def lesson_number(self) -> int | None:
        """The number in the first heading, if the first cell has one of the right form."""
        heading = LESSON_HEADING.search(self.cells[0].source) if self.cells else None
        return int(heading["number"]) if heading else None

    def problem(self, cell: int | None, what: str, mend: str) -> Problem:
        """A problem in this notebook."""
        return Problem(self.path.name, cell, what, mend)

    def code(self) -> Iterator[tuple[int, NotebookNode]]:
        """The code cells, with their places."""
        return ((n, cell) for n, cell in enumerate(self.cells) if cell.cell_type == "code")

    def markdown(self) -> Iterator[tuple[int, NotebookNode]]:
        """The markdown cells, with their places."""
        return ((n, cell) for n, cell in enumerate(self.cells) if cell.cell_type == "markdown")

    def headings(self) -> Iterator[tuple[int, int, str]]:
        """The headings in order: cell, level, words. What stands in a fenced block is none."""
        for n, cell in self.markdown():
            for _, level, words in headings(cell.source):
                yield n, level, words

    def exercise_headings(self) -> Iterator[tuple[int, str]]:
        """The first lines of the cells that begin an exercise, whether or not they are of the right form."""
        for n, cell in self.markdown():
            first = cell.source.split("\n")[0]
            if re.match(r"#+ +Exercise\b", first):
                yield n, first

    def texts(self) -> Iterator[tuple[int, str]]:
        """Every text a reader sees: sources, and what the outputs hold."""
        for n, cell in enumerate(self.cells):
            yield n, cell.source
            if cell.cell_type == "code":
                for _, content in output_texts(cell):
                    yield n, content


Rule = Callable[[Page], Iterator[Problem]]
"""Yields what breaks one rule on a page."""


def prose(source: str) -> Iterator[str]:
    """The lines of a markdown cell outside fenced blocks."""
    return (line for _, line in _numbered_prose(source))


def headings(source: str) -> Iterator[tuple[int, int, str]]:
    """The headings of a markdown cell: line (from 0), level, words."""
    for n, line in _numbered_prose(source):
        if match := _HEADING.match(line):
            yield n, len(match[1]), match[2]


def _numbered_prose(source: str) -> Iterator[tuple[int, str]]:
    fenced = False
    for n, line in enumerate(source.split("\n")):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield n, line


def output_texts(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """The texts in a code cell's outputs, each with its media type (``stdout``, ``stderr`` for streams)."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.name, output.text
        elif output.output_type == "error":
            yield "error", "\n".join(output.traceback)
        else:
            for kind, content in output.data.items():
                yield kind, content if isinstance(content, str) else str(content)


def grader(cell: NotebookNode) -> dict[str, Any]:
    """A cell's nbgrader metadata; empty if it has none."""
    return dict(cell.metadata.get("nbgrader") or {})


__all__ = ["Page", "Problem", "Rule", "grader", "headings", "output_texts", "prose"]
