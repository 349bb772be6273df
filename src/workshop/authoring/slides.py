"""Slides made of a lesson's own cells, by nbconvert and reveal.js: one HTML file, which asks no network for anything.

:mod:`workshop.authoring.outline` says which cell becomes what.
"""

# nbconvert is typed only in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import re
import textwrap
from importlib.resources import files
from pathlib import Path

import pyreveal  # type: ignore[import-untyped]
from nbconvert import SlidesExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell

from workshop.authoring import notebooks
from workshop.authoring.notebooks import NotebookError
from workshop.authoring.outline import BEGINS, Piece, SlideType, outline
from workshop.authoring.page import grader
from workshop.catalog import (
    BEGIN_SOLUTION,
    END_SOLUTION,
    EXERCISE_HEADING,
    LESSON_HEADING,
    WRITEFILE,
    strip_markers,
)

LONGEST_ANSWER = 18
"""Lines of a file on a slide. Of a longer one only what the learner writes is shown."""

_TEMPLATES = Path(__file__).parent / "templates"
_PREDICT = re.compile(r"\bpredict\b", re.IGNORECASE)


def export(lesson: Path) -> str:
    """The slides of one lesson, as the text of an HTML file. Nothing is run: outputs are those that are stored.

    Args:
        lesson: Its solution notebook.

    Raises:
        NotebookError: it is no notebook, or no lesson.
        OSError: it, or a picture of its, cannot be read.
    """
    notebook = notebooks.read(lesson)
    opening = LESSON_HEADING.search(notebook.cells[0].source) if notebook.cells else None
    if not opening:
        raise NotebookError(f"{lesson.name}: its first cell has no number and title")
    notebook.cells = _cells(outline(notebook.cells))
    reveal = files(pyreveal) / "revealjs" / "dist"
    deck = {
        "title": f"{opening['number']} · {opening['title']}",
        "reveal_css": (reveal / "reveal.css").read_text(encoding="utf-8"),
        "reveal_js": (reveal / "reveal.js").read_text(encoding="utf-8"),
        "notes_js": (reveal / "plugin" / "notes.js").read_text(encoding="utf-8"),
        "css": (_TEMPLATES / "slides" / "slides.css").read_text(encoding="utf-8"),
        "js": (_TEMPLATES / "slides" / "slides.js").read_text(encoding="utf-8"),
    }
    exporter = SlidesExporter(
        template_name="slides",
        extra_template_basedirs=[str(_TEMPLATES)],
        embed_images=True,
        exclude_anchor_links=True,
    )
    text, _ = exporter.from_notebook_node(
        notebook, resources={"metadata": {"name": lesson.stem, "path": str(lesson.parent)}, "deck": deck}
    )
    return str(text)


def _cells(pieces: list[Piece]) -> list[NotebookNode]:
    found: list[NotebookNode] = []
    part = exercise = ""
    predicts = False
    for piece in pieces:
        cell = piece.cell
        if piece.heading:
            level, words = piece.heading
            task = EXERCISE_HEADING.match(cell.source.split("\n")[0])
            exercise = f"{task['lesson']}.{task['number']}" if task else exercise
            part = words if level <= 2 else part
            if task:
                cell.source = _calmer(cell.source, task)
        if piece.slide_type == "skip":
            # Not left to nbconvert: it opens a fragment for a cell that nobody sees.
            continue
        if cell.cell_type == "code" and grader(cell).get("solution"):
            found += _answer(piece, exercise)
            continue
        running = part if piece.slide_type in BEGINS and not piece.heading else ""
        if cell.cell_type == "markdown":
            predicts = bool(_PREDICT.search(cell.source))
        elif WRITEFILE.match(cell.source):
            # "Writing my/..." says what the first line says.
            cell.outputs = []
        for output in cell.get("outputs", []):
            if html := output.get("data", {}).get("text/html"):
                # reveal.js takes each section, however deep, for a slide.
                html = re.sub(r"<section\b", '<div role="region"', html)
                output.data["text/html"] = html.replace("</section>", "</div>")
        found.append(_placed(cell, piece.slide_type, running=running, reveals=predicts))
        predicts = predicts and cell.cell_type == "markdown"
    return found


def _calmer(source: str, task: re.Match[str]) -> str:
    # The minutes of an exercise, how hard it is and its path, below its title instead of behind it.
    title = f"### Exercise {task['lesson']}.{task['number']}: {task['title']}"
    return source.replace(task[0], f"{title}\n\n*{task[0].removeprefix(title).lstrip(' ·')}*", 1)


def _answer(piece: Piece, exercise: str) -> list[NotebookNode]:
    # One answer to an exercise, under a heading of its own, without the markers.
    cell = piece.cell
    file = WRITEFILE.match(cell.source)
    heading = f"### {exercise}: one answer" + (f", in `{file[1]}`" if file else "")
    cell.source = answer(WRITEFILE.sub("", cell.source, count=1).lstrip("\n"))
    cell.outputs = []
    title = new_markdown_cell(heading, id=f"{cell.id}-title")
    return [_placed(title, piece.slide_type), _placed(cell, "-")]


def _placed(
    cell: NotebookNode, slide_type: SlideType, *, running: str = "", reveals: bool = False
) -> NotebookNode:
    cell.metadata = NotebookNode(
        slideshow=NotebookNode(slide_type=slide_type), deck=NotebookNode(running=running, reveals=reveals)
    )
    return cell


def answer(source: str) -> str:
    """A solution as a slide shows it: whole where it is short, else what stands between the markers."""
    whole = strip_markers(source)
    if whole.count("\n") < LONGEST_ANSWER:
        return whole
    kept: list[str] = []
    given = 0
    inside = False
    for line in source.split("\n"):
        mark = line.strip()
        if mark == BEGIN_SOLUTION:
            inside = True
            if given:
                indent = line[: len(line) - len(line.lstrip())]
                kept.append(f"{indent}# given: {given} {'line' if given == 1 else 'lines'}")
            given = 0
        elif mark == END_SOLUTION:
            inside = False
        elif inside:
            kept.append(line)
        else:
            given += bool(mark)
    return textwrap.dedent("\n".join(kept))


__all__ = ["LONGEST_ANSWER", "answer", "export"]
