"""Hold the lessons to the rules in :mod:`workshop.authoring.rules`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workshop.authoring import notebooks
from workshop.authoring.page import Page, Problem
from workshop.authoring.rules import rules
from workshop.authoring.rules.exercise import FindCheck, RegisteredCheck


def lint(paths: Iterable[Path], find: FindCheck | None = None) -> list[Problem]:
    """Look at solution notebooks.

    Args:
        paths: The notebooks.
        find: Finds the registered check of an exercise, or None; by default in :mod:`workshop.checks`.

    Returns:
        What breaks a rule, in the order of files, then cells.

    Raises:
        OSError: a notebook cannot be read.
    """
    found: list[Problem] = []
    for path in paths:
        try:
            notebook = notebooks.read(path)
        except notebooks.NotebookError as error:
            found.append(
                Problem(path.name, None, str(error).partition(": ")[2], "save it again with JupyterLab")
            )
            continue
        page = Page(path, notebook, path.read_text(encoding="utf-8"))
        here = [problem for rule in rules(find or registered_check) for problem in rule(page)]
        found += sorted(here, key=lambda problem: -1 if problem.cell is None else problem.cell)
    return list(dict.fromkeys(found))


def registered_check(exercise_id: str) -> RegisteredCheck | None:
    """The check of an exercise in :mod:`workshop.checks`; None if there is none."""
    from workshop.checks import outcomes, registry

    try:
        return registry.find(exercise_id)
    except outcomes.UnknownExercise:
        return None


__all__ = ["lint", "registered_check"]
