"""Ways to break the sample lesson, and what the lint finds then."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.authoring.sample_lesson import Cell, code, lesson_cells, markdown, write
from workshop.authoring.lint import lint

Damage = Callable[[list[Cell]], Any]

HINTS = ("What does a greeting need?", "See https://docs.python.org/3/", 'return f"Hello, {name}"')


def registered(exercise_id: str, **changes: Any) -> Any:
    known = {"hints": HINTS, "proves": "You can greet."}
    return SimpleNamespace(**{**known, **changes})


def found(folder: Path, damage: Damage) -> list[str]:
    """What the lint finds in the sample lesson, damaged like this."""
    cells = copy.deepcopy(lesson_cells())
    damage(cells)
    problems = [str(problem) for problem in lint([write(folder / "01_small.ipynb", cells)], registered)]
    assert all(problem.startswith("01_small.ipynb: ") for problem in problems)
    return problems


def break_marker(cells: list[Cell]) -> None:
    cells[4]["source"] = cells[4]["source"].replace("    ### END SOLUTION", "")


def break_metadata(cells: list[Cell]) -> None:
    cells[4]["metadata"]["nbgrader"]["grade_id"] = "check-1-1"


def break_cell_type(cells: list[Cell]) -> None:
    cells[0]["source"] += "\n### BEGIN SOLUTION\n### END SOLUTION"


def replace(cell: int, old: str, new: str) -> Damage:
    def change(cells: list[Cell]) -> None:
        assert old in cells[cell]["source"]
        cells[cell]["source"] = cells[cell]["source"].replace(old, new)

    return change


def add_code(source: str, printed: str = "", **metadata: Any) -> Damage:
    """Put a code cell before the last part and count the cells anew."""

    def change(cells: list[Cell]) -> None:
        cells.insert(-3, code(source, "added", 0, printed, **metadata))
        for count, cell in enumerate((c for c in cells if c["cell_type"] == "code"), start=1):
            cell["execution_count"] = count

    return change


def again(cells: list[Cell]) -> list[Cell]:
    return [{**cell, "id": f"again-{cell['id']}"} for cell in cells]


def add_text(source: str) -> Damage:
    return lambda cells: cells.insert(-3, markdown(source, "added"))


def meta(cell: int, **changes: Any) -> Damage:
    return lambda cells: cells[cell]["metadata"]["nbgrader"].update(changes)


def output(cell: int, **body: Any) -> Damage:
    return lambda cells: cells[cell]["outputs"].append(body)


def drop(cell: int) -> Damage:
    return lambda cells: cells.pop(cell)


def shown(data: dict[str, str]) -> Damage:
    return output(1, output_type="display_data", data=data, metadata={})


def slide(cell: int, slide_type: str) -> Damage:
    return lambda cells: cells[cell]["metadata"].update(slideshow={"slide_type": slide_type})
