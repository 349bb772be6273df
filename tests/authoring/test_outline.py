"""Which cell becomes what on the slides."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from tests.authoring.sample_lesson import Cell, code, exercise, lesson_cells, markdown, notebook, write
from workshop.authoring import notebooks
from workshop.authoring.build import exercise_notebook
from workshop.authoring.outline import outline

OPENING = markdown("# 1 · Title\n\nAbout 5 minutes.", "opening")


def as_read(cells: list[Cell]) -> list[NotebookNode]:
    joined = [{**cell, "source": "".join(cell["source"])} for cell in notebook(cells)["cells"]]
    return nbformat.from_dict(joined)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([markdown("## A part", "a"), markdown("### A detail", "b")], ["slide", "subslide"]),
        (exercise(1), ["subslide", "subslide", "skip", "skip"]),
        ([code('lab.start("x")', "a", 1, "ready")], ["skip"]),
        ([code('from a import b\n\nlab.stand_in("1.1")', "a", 1, "stands in")], ["skip"]),
        ([code('lab.stand_in("1.1")\nshow.meter()', "a", 1, "one call")], ["subslide"]),
        ([code("%%writefile my/x/a.py\na = 1", "a", 1, "Writing my/x/a.py")], ["skip"]),
        ([code("a = 1", "a", 1)], ["skip"]),
        ([code("print(a)", "a", 1, "1"), markdown("One.", "b")], ["subslide", "fragment"]),
        (
            [code("a = 1", "a", 1), markdown("Look:", "b"), code("print(a)", "c", 2, "1")],
            ["skip", "subslide", "-"],
        ),
        (
            [
                code("a = 1", "a", 1),
                markdown("Look:", "b"),
                code("b = 1", "c", 2),
                code("print(a)", "d", 3, "1"),
            ],
            ["skip", "subslide", "skip", "-"],
        ),
        (
            [code("a = 1", "a", 1), markdown("Word. " * 60, "b"), code("print(a)", "c", 2, "1")],
            ["skip", "subslide", "subslide"],
        ),
        ([markdown("Done.\n\n## Next\n\nMore.", "a")], ["fragment", "slide"]),
        ([markdown("## End\n\n```\n# no heading\n```\n\n## Questions\n\nWhy?", "a")], ["slide", "skip"]),
        ([markdown("<details><summary>Why?</summary>So.</details>", "a")], ["skip"]),
        ([markdown("## Where to read on", "a"), markdown("Here.", "b")], ["skip", "subslide"]),
        ([markdown("", "a", slideshow={"slide_type": "skip"})], ["skip"]),
        ([code("a = 1", "a", 1, slideshow={"slide_type": "notes"})], ["notes"]),
        ([markdown("So.\n\n## Next", "a", slideshow={"slide_type": "subslide"})], ["subslide", "slide"]),
    ],
)
def test_a_cell_inherits_by_its_role_what_it_is_on_the_slides(cells: list[Cell], expected: list[str]) -> None:
    pieces = outline(as_read([OPENING, *cells]))
    assert [piece.slide_type for piece in pieces] == ["slide", *expected]


def test_slide_types_stay_in_the_solutions(tmp_path: Path) -> None:
    cells = lesson_cells()
    cells[2]["metadata"]["slideshow"] = {"slide_type": "subslide"}
    path = write(tmp_path / "01_small.ipynb", cells)
    kept = json.loads(notebooks.text(notebooks.normalise(notebooks.read(path))))
    assert kept["cells"][2]["metadata"] == {"slideshow": {"slide_type": "subslide"}}
    assert exercise_notebook(path).cells[2].metadata == {}
