"""``status`` and ``reset``: what has been passed, and back to the beginning."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from workshop.catalog import Exercise, Lesson, lessons
from workshop.checks import progress
from workshop.cli.table import table
from workshop.errors import LabError
from workshop.lab import services
from workshop.lab.state_dir import need_state_dir
from workshop.settings import Settings


def show(settings: Settings) -> None:
    """Print progress per lesson and exercise, and whether the services answer."""
    need_state_dir(settings)
    known = progress.read(settings)
    rows = []
    next_up: Exercise | None = None
    for lesson in lessons(settings.root / "solutions"):
        passed = [
            exercise for exercise in lesson.exercises if exercise.id in known and known[exercise.id].passed
        ]
        core = [exercise for exercise in lesson.exercises if exercise.path == "core"]
        rows.append(
            [
                f"{lesson.number} · {lesson.title}",
                f"{len(passed)}/{len(lesson.exercises)}",
                f"{sum(exercise in passed for exercise in core)}/{len(core)}",
                f"{sum(exercise.points for exercise in passed)}/{lesson.points}",
            ]
        )
        if next_up is None:
            next_up = next((exercise for exercise in lesson.exercises if exercise not in passed), None)
    typer.echo(table(["lesson", "passed", "core", "points"], rows))
    if next_up is not None:
        typer.echo(f"\nNext: exercise {next_up.id}, {next_up.title} ({next_up.minutes} min).")
    elif rows:
        typer.echo("\nEvery exercise has passed.")
    answers = services.status(settings)
    typer.echo("")
    typer.echo(f"Temporal server  {_said(answers['temporal'])} ({settings.temporal_address})")
    typer.echo(f"Gateway          {_said(answers['gateway'])} ({settings.gateway_url})")


def reset(settings: Settings, target: str | None, yes: bool) -> None:
    """Put exercises back as they were shipped. What is replaced or removed is copied first.

    Args:
        settings: Whose progress and notebooks.
        target: An exercise's id, a lesson's number, or None for everything.
        yes: Do not ask.

    Raises:
        LabError: there is no such exercise or lesson, or a notebook cannot be read.
        typer.Abort: the answer was no.
    """
    need_state_dir(settings)
    chosen = _chosen(settings, target)
    names = ", ".join(exercise.id for _, exercises in chosen for exercise in exercises)
    backups = settings.state_dir / "backups" / datetime.now().strftime("%Y%m%d-%H%M%S")
    if not yes:
        typer.echo(f"This forgets the progress of {names}, puts their cells back as they were at first")
        typer.echo(f"and removes the files they wrote. A copy of all of it goes to {backups}.")
        typer.confirm("Go on?", abort=True)
    for lesson, exercises in chosen:
        notebook = settings.root / "notebooks" / lesson.file.name
        _put_back(notebook, exercises, backups)
        _remove_files(notebook.parent, exercises, backups)
    progress.forget((exercise.id for _, exercises in chosen for exercise in exercises), settings)
    typer.echo(f"Reset: {names}." + (f" What was there is in {backups}." if backups.exists() else ""))
    typer.echo(
        "If the notebook is open, reload it (File > Reload Notebook from Disk), then restart its kernel."
    )


def _chosen(settings: Settings, target: str | None) -> list[tuple[Lesson, list[Exercise]]]:
    known = lessons(settings.root / "solutions")
    chosen = [
        (
            lesson,
            [exercise for exercise in lesson.exercises if target in (None, str(lesson.number), exercise.id)],
        )
        for lesson in known
    ]
    chosen = [(lesson, exercises) for lesson, exercises in chosen if exercises]
    if not chosen:
        ids = ", ".join(exercise.id for lesson in known for exercise in lesson.exercises) or "none"
        raise LabError(f"There is no exercise or lesson {target!r}. The exercises: {ids}.")
    return chosen


def _put_back(path: Path, exercises: Iterable[Exercise], backups: Path) -> None:
    # The notebook is edited as the JSON that it is: whatever else the learner did in it stays as it is.
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        cells: list[dict[str, Any]] = notebook["cells"]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        raise LabError(f"{path} is not a notebook that can be read; nothing was changed.") from None
    by_id = {cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"): cell for cell in cells}
    changed = False
    for exercise in exercises:
        for grade_id, source in (
            (exercise.grade_id, exercise.shipped),
            (exercise.check_grade_id, exercise.check_source),
        ):
            cell = by_id.get(grade_id)
            if cell is None:
                typer.echo(f"{path.name}: the cell {grade_id} is gone; it was not put back.")
                continue
            fresh = {"source": source.splitlines(keepends=True), "outputs": [], "execution_count": None}
            if any(cell.get(part) != value for part, value in fresh.items()):
                cell.update(fresh)
                changed = True
    if changed:
        _copy(path, backups, path.parent.parent)
        fresh_file = path.with_name(f".{path.name}.{os.getpid()}")
        fresh_file.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh_file.replace(path)


def _remove_files(folder: Path, exercises: Iterable[Exercise], backups: Path) -> None:
    for exercise in exercises:
        for name in exercise_files(exercise):
            path = folder / name
            if path.is_file():
                _copy(path, backups, folder.parent)
                path.unlink()


def exercise_files(exercise: Exercise) -> list[str]:
    """The files in ``my/`` that an exercise's cell writes, as the cell names them."""
    return [exercise.file] if exercise.file and exercise.file.startswith("my/") else []


def _copy(path: Path, backups: Path, root: Path) -> None:
    place = backups / path.relative_to(root)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, place)


def _said(answers: bool) -> str:
    return "answers" if answers else "is not running"
