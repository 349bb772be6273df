"""A small lesson that keeps every rule, made of plain dictionaries, for tests to break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]

OPENING = """# 1 · A small lesson

By the end you can greet. It takes about 12 minutes, of which the core takes 5 minutes.
"""

QUESTIONS = """## Questions

<details><summary>What does a greeting need?</summary>A name.</details>
<details><summary>Who gives it?</summary>The caller.</details>
<details><summary>What does the file hold?</summary>A function.</details>
<details><summary>Why a file?</summary>So that another process can run it.</details>
<details><summary>What is checked?</summary>The greeting.</details>
"""

SOLUTION = """%%writefile my/small/greet.py
def greet(name):
    ### BEGIN SOLUTION
    words = ["Hello"]
    words.append(name)
    return ", ".join(words)
    ### END SOLUTION
"""


def markdown(source: str, cell_id: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": source.rstrip("\n")}


def code(source: str, cell_id: str, count: int, printed: str = "", **metadata: Any) -> Cell:
    outputs = [{"name": "stdout", "output_type": "stream", "text": printed}] if printed else []
    return {
        "cell_type": "code",
        "execution_count": count,
        "id": cell_id,
        "metadata": metadata,
        "outputs": outputs,
        "source": source.rstrip("\n"),
    }


def exercise(number: int, path: str = "core", minutes: int = 5, lesson: int = 1) -> list[Cell]:
    """The four cells of one exercise."""
    name = f"{lesson}.{number}"
    dashed = f"{lesson}-{number}"
    base = {"schema_version": 3, "task": False}
    return [
        markdown(
            f"### Exercise {name}: Greet · {minutes} min · difficulty 1/5 · {path}\n\n"
            "Return a greeting that holds the name.\n\n- Use a comma.",
            f"head-{dashed}",
        ),
        code(
            SOLUTION,
            f"cell-ex-{dashed}",
            2 * number,
            "Writing my/small/greet.py\n",
            nbgrader={**base, "grade": False, "grade_id": f"ex-{dashed}", "locked": False, "solution": True},
        ),
        code(
            f'await check("{name}")',
            f"cell-check-{dashed}",
            2 * number + 1,
            f"Checking {name} ...\nPASSED\n",
            nbgrader={
                **base,
                "grade": True,
                "grade_id": f"check-{dashed}",
                "locked": True,
                "points": 2,
                "solution": False,
            },
            tags=["raises-exception"],
        ),
        markdown(f'Stuck? Run `hint("{name}")`.', f"hint-{dashed}"),
    ]


def lesson_cells() -> list[Cell]:
    return [
        markdown(OPENING, "opening"),
        code(
            "from workshop import check, hint, lab, show, solution\n\nlab.start()",
            "start",
            1,
            "The lab is ready.\n",
        ),
        markdown("## A greeting", "part"),
        *exercise(1),
        *exercise(2, path="full"),
        markdown("## What you proved\n\nThat you can greet.", "proved"),
        markdown(QUESTIONS, "questions"),
        markdown("## Where to read on\n\n[Python](https://docs.python.org/3/)", "on"),
    ]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _data(data: dict[str, str]) -> dict[str, Any]:
    # Pictures that are not text stay in one piece.
    return {kind: text if kind == "image/png" else _lines(text) for kind, text in data.items()}


def _as_stored(cell: Cell) -> Cell:
    # nbformat stores texts as lists of lines.
    stored = {**cell, "source": _lines(cell["source"])}
    if "outputs" in cell:
        stored["outputs"] = [
            {
                key: _lines(value) if key == "text" else _data(value) if key == "data" else value
                for key, value in output.items()
            }
            for output in cell["outputs"]
        ]
    return stored


def notebook(cells: list[Cell]) -> dict[str, Any]:
    return {
        "cells": [_as_stored(cell) for cell in cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write(path: Path, cells: list[Cell] | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    body = notebook(lesson_cells() if cells is None else cells)
    path.write_text(json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
