"""``course``: every lesson's solution, run as a learner's kernel would run it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import typer

from workshop.cli.jupyter import jupyter_environment
from workshop.cli.table import table
from workshop.lab import services
from workshop.lab.errors import LabError
from workshop.lessons import Lesson, lesson, lessons
from workshop.settings import Settings

CELL_TIMEOUT = 180
"""Seconds that one cell may take; the slowest ones wait for a process that has been killed."""


@dataclass(frozen=True)
class Run:
    """What became of one lesson. ``seconds``: from the kernel's start to its end."""

    lesson: Lesson
    cells: int
    passed: int
    seconds: float
    problem: str | None


def run(settings: Settings, number: int | None = None) -> int:
    """Run the lessons one after the other and print a table.

    Args:
        settings: Where the services are or are to be started; those started here are ended again.
        number: Run only this lesson.

    Returns:
        0 if every check of every lesson passed, else 1.

    Raises:
        LabError: there is no such lesson, or the services cannot be started.
    """
    folder = settings.root / "solutions"
    try:
        chosen = [lesson(number, folder)] if number is not None else list(lessons(folder))
    except LookupError as error:
        raise LabError(str(error)) from None
    if not chosen:
        raise LabError(f"There are no lessons in {folder}.")
    runs = []
    with services.ended_afterwards(settings):
        services.up(settings, say=typer.echo)
        for one in chosen:
            typer.echo(f"Lesson {one.number} · {one.title} ... ", nl=False)
            runs.append(_run(one, settings.state_dir / "logs" / "course.log"))
            typer.echo(runs[-1].problem or "done")
    typer.echo("")
    rows = [
        [
            f"{one.lesson.number} · {one.lesson.title}",
            str(one.cells),
            f"{one.passed}/{len(one.lesson.exercises)}",
            f"{one.seconds:.1f}",
        ]
        for one in runs
    ]
    typer.echo(table(["lesson", "cells", "checks passed", "seconds"], rows))
    return int(any(one.problem for one in runs))


def _run(one: Lesson, log: Path) -> Run:
    # Both take seconds to import.
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(one.file, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(one.file.parent)}},
    )
    began = time.monotonic()
    problem = None
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        # What the kernel itself has to say is not for this terminal.
        with log.open("ab") as stderr:
            client.execute(env=_kernel_environment(), stderr=stderr)
    except CellTimeoutError:
        problem = f"a cell took more than {CELL_TIMEOUT} s"
    except DeadKernelError:
        problem = "its kernel died"
    except CellExecutionError as error:
        problem = f"a cell failed: {error.ename}: {error.evalue.splitlines()[0] if error.evalue else ''}"
    seconds = time.monotonic() - began
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    missing = [
        exercise.id
        for exercise in one.exercises
        if not any(_passed(cell, exercise.check_grade_id) for cell in code)
    ]
    if problem is None and missing:
        problem = f"not passed: {', '.join(missing)}"
    done = sum(cell.execution_count is not None for cell in code)
    return Run(one, done, len(one.exercises) - len(missing), seconds, problem)


def _passed(cell: object, grade_id: str) -> bool:
    from nbformat import NotebookNode

    if not isinstance(cell, NotebookNode) or cell.metadata.get("nbgrader", {}).get("grade_id") != grade_id:
        return False
    failed = any(output.output_type == "error" for output in cell.outputs)
    printed = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    return "PASSED" in printed and not failed


def _kernel_environment() -> dict[str, str]:
    # Running the solutions is not learning: it must not count as progress.
    os.environ["JUPYTER_PATH"] = jupyter_environment()["JUPYTER_PATH"]
    return services.environment_without_keys() | {
        "WORKSHOP_NO_PROGRESS": "1",
        "WORKSHOP_VIEWS": "static",
    }
