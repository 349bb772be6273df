"""A new lesson to fill in: every part is there, and ``lint`` says what is still missing."""

# nbformat is typed only in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workshop.authoring import notebooks
from workshop.catalog import BEGIN_SOLUTION, END_SOLUTION, grade_ids

_OPENING = """# {number} · {title}

By the end you can ... It takes about 10 minutes; the core takes 5 minutes."""

_QUESTION = (
    "<details><summary>Question {n}?</summary>\n\nThe answer, and why the wrong idea is wrong.\n</details>"
)


def new(folder: Path, number: int, name: str) -> Path:
    """Write the skeleton of a lesson.

    Args:
        folder: Where solutions are kept.
        number: The lesson's number.
        name: Its short name, lower case with underscores.

    Returns:
        The file written.

    Raises:
        ValueError: the name will not do.
        FileExistsError: this lesson exists already.
    """
    if not name.isidentifier() or not name.isascii() or name != name.lower():
        raise ValueError(f"{name!r}: a name is lower case words with underscores, such as first_agent")
    taken = sorted(folder.glob(f"{number:02}_*.ipynb"))
    if taken:
        raise FileExistsError(f"lesson {number} is {taken[0].name}")
    path = folder / f"{number:02}_{name}.ipynb"
    notebook = new_notebook(cells=_cells(number, name))
    for n, cell in enumerate(notebook.cells):
        # Ids of our own: the random ones would differ each time.
        cell.id = f"lesson-{number}-cell-{n}"
    notebooks.write(path, notebooks.text(notebooks.normalise(notebook)))
    return path


def _cells(number: int, name: str) -> list[NotebookNode]:
    title = name.replace("_", " ").capitalize()
    start = f'from workshop import check, hint, lab, show, solution\n\nlab.start("{name}")'
    return [
        new_markdown_cell(_OPENING.format(number=number, title=title)),
        new_code_cell(start),
        new_markdown_cell("## First part"),
        *exercise_cells(f"{number}.1", name),
        new_markdown_cell("## What you proved\n\n..."),
        new_markdown_cell("## Questions\n\n" + "\n".join(_QUESTION.format(n=n) for n in range(1, 6))),
        new_markdown_cell("## Where to read on\n\n..."),
    ]


def exercise_cells(exercise_id: str, folder: str) -> list[NotebookNode]:
    """The four cells of an exercise, with the metadata that nbgrader wants."""
    grade_id, check_grade_id = grade_ids(exercise_id)
    base = {"schema_version": 3, "task": False}
    solution = {**base, "grade": False, "grade_id": grade_id, "locked": False, "solution": True}
    check = {
        **base,
        "grade": True,
        "grade_id": check_grade_id,
        "locked": True,
        "points": 1,
        "solution": False,
    }
    source = [f"%%writefile my/{folder}/name.py", BEGIN_SOLUTION, "...", "...", "...", END_SOLUTION]
    return [
        new_markdown_cell(f"### Exercise {exercise_id}: Title · 5 min · difficulty 1/5 · core\n\nOne task."),
        new_code_cell("\n".join(source), metadata={"nbgrader": solution}),
        new_code_cell(
            f'await check("{exercise_id}")', metadata={"nbgrader": check, "tags": ["raises-exception"]}
        ),
        new_markdown_cell(f'Stuck? Run `hint("{exercise_id}")` in a cell of your own.'),
    ]


__all__ = ["exercise_cells", "new"]
