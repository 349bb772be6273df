"""``course``: every lesson's solution, run as a learner's kernel would run it.

Lessons spend most of their time waiting, for a timeout or for a process that was killed, so several run at the
same time: each in a folder of its own, as in a fresh clone.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workshop.catalog import Exercise, Lesson, lesson, lessons
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.table import table
from workshop.errors import LabError
from workshop.lab import services
from workshop.lab.kernels import ENCRYPTED
from workshop.lab.starting import environment_without_keys
from workshop.paths import CoursePath, exercises_on, lessons_on, minutes_of
from workshop.settings import Settings

if TYPE_CHECKING:
    from nbclient import NotebookClient

CELL_TIMEOUT = 180
"""Seconds that one cell may take; the slowest ones wait for a process that has been killed."""

AT_ONCE = 2 * (os.cpu_count() or 1)
"""Lessons that run at the same time."""


@dataclass(frozen=True)
class Run:
    """What became of one lesson.

    Attributes:
        lesson: The lesson.
        exercises: Those that count.
        cells: How many of its code cells ran.
        missing: The ids of those exercises whose checks did not pass.
        seconds: From the kernel's start to its end.
        problem: What went wrong, in a few words.
    """

    lesson: Lesson
    exercises: Sequence[Exercise]
    cells: int
    missing: Sequence[str]
    seconds: float
    problem: str | None


def run(settings: Settings, number: int | None = None, path: CoursePath = CoursePath.ALL) -> int:
    """Run the lessons side by side and print a table; Ctrl-C ends their kernels too.

    Args:
        settings: Where the services are or are to be started; those started here are ended again.
        number: Run only this lesson.
        path: Run only the lessons of this path, and count only its exercises.

    Returns:
        0 if every check that counts passed, else 1.

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
    chosen = lessons_on(path, chosen)
    if not chosen:
        raise LabError(f"Lesson {number} is not on the path {path}.")
    runs = []
    with services.ended_afterwards(settings):
        services.up(settings, say=typer.echo)
        typer.echo(f"Running {_lessons(len(chosen))} ...")
        for done in _run_all(chosen, path, settings.state_dir / "logs" / "course.log"):
            typer.echo(f"Lesson {done.lesson.number} · {done.lesson.title}: {done.problem or 'done'}")
            runs.append(done)
    runs.sort(key=lambda one: one.lesson.number)
    typer.echo("")
    rows = [
        [
            f"{one.lesson.number} · {one.lesson.title}",
            str(one.cells),
            f"{len(one.exercises) - len(one.missing)}/{len(one.exercises)}",
            str(minutes_of(one.exercises)),
            f"{one.seconds:.1f}",
        ]
        for one in runs
    ]
    every = [exercise for one in runs for exercise in one.exercises]
    passed = len(every) - sum(len(one.missing) for one in runs)
    rows.append(
        ["in all", str(sum(one.cells for one in runs)), f"{passed}/{len(every)}", str(minutes_of(every)), ""]
    )
    typer.echo(table(["lesson", "cells", "checks passed", "minutes", "seconds"], rows))
    return int(any(one.problem for one in runs))


def _lessons(number: int) -> str:
    at_once = "" if number <= 2 else f", {min(number, AT_ONCE)} at a time"
    return "1 lesson" if number == 1 else f"{number} lessons{at_once}"


def _run_all(chosen: Sequence[Lesson], path: CoursePath, log: Path) -> Iterator[Run]:
    """The lessons' runs, each as soon as it is over."""
    environment = _kernel_environment()
    log.parent.mkdir(parents=True, exist_ok=True)
    clients: list[NotebookClient] = []
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="course") as pool:
        futures = [pool.submit(_run, one, path, log, environment, clients) for one in chosen]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            _end(futures, clients)


def _end(futures: Sequence[Future[Run]], clients: Sequence[NotebookClient]) -> None:
    """Kill the kernels of lessons that are still running: their threads see that, and end."""
    for future in futures:
        future.cancel()
    while wait(futures, timeout=0.1).not_done:
        for manager in [client.km for client in clients]:
            if manager is not None and manager.provisioner is not None:
                asyncio.run(manager.provisioner.kill())


def _run(
    one: Lesson, path: CoursePath, log: Path, environment: dict[str, str], clients: list[NotebookClient]
) -> Run:
    # Both take seconds to import.
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    notebook = nbformat.read(one.file, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    began = time.monotonic()
    problem = None
    # What the kernel itself has to say is not for this terminal.
    with tempfile.TemporaryDirectory(prefix="workshop-course-") as folder, log.open("ab") as stderr:
        client = NotebookClient(
            notebook,
            config=Config(ENCRYPTED),
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        clients.append(client)
        try:
            client.execute(env=environment, stderr=stderr)
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
        for exercise in exercises_on(path, one)
        if not any(_passed(cell, exercise.check_grade_id) for cell in code)
    ]
    if problem is None and missing:
        problem = f"not passed: {', '.join(missing)}"
    done = sum(cell.execution_count is not None for cell in code)
    return Run(one, exercises_on(path, one), done, missing, seconds, problem)


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
    return environment_without_keys() | {
        "WORKSHOP_NO_PROGRESS": "1",
        "WORKSHOP_VIEWS": "static",
    }
