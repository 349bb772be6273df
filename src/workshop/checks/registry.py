"""Which exercises exist, and the function that checks each.

A module of :mod:`workshop.exercises` registers its exercise by being imported, the first time its id is asked for.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Awaitable, Callable

from workshop import catalog

from .bench import Bench
from .exercise import Exercise, file_of, module_of
from .outcomes import UnknownExercise

CheckFunction = Callable[[Bench], Awaitable[str | None]]
"""Judges; raises ``NotYet``, or returns: nothing, or what it saw, to be shown with the pass."""

_functions: dict[str, CheckFunction] = {}
"""By the exercise's id."""

_exercises: dict[str, Exercise] = {}


def exercise(
    *,
    proves: str,
    hints: tuple[str, ...],
    timeout: float = 20.0,
    note: str = "",
    temporal: bool = True,
    not_replayed: str = "",
) -> Callable[[CheckFunction], CheckFunction]:
    """Make the decorated function the check of the exercise whose file its module is named after.

    Args:
        proves: One sentence, shown with PASSED.
        hints: The rungs of ``hint()``, vaguest first.
        timeout: Seconds for the whole check; what still runs then is ended.
        note: For a long check: what it does meanwhile and how long that takes, without a full stop.
        temporal: Whether the check needs the Temporal server.
        not_replayed: Why its runs are not replayed at its end; they are unless a reason is given.

    Raises:
        ValueError: the module is not one of ``workshop.exercises``, no lesson has an exercise that writes its file,
            or a sentence is missing.
        LessonError: a lesson cannot be read.
    """

    def register_it(function: CheckFunction) -> CheckFunction:
        file = file_of(function.__module__)
        if (known := catalog.exercise_of(file)) is None:
            raise ValueError(f"no exercise of any lesson writes {file}")
        register(Exercise(known.id, file, proves, hints, timeout, note, temporal, not_replayed), function)
        return function

    return register_it


def register(one: Exercise, function: CheckFunction) -> None:
    """Make an exercise and its check known."""
    _exercises[one.id] = one
    _functions[one.id] = function


def find(exercise_id: str) -> Exercise:
    """The exercise with this id; imports its check if need be.

    Raises:
        UnknownExercise: there is none; the message says which there are.
        LessonError: a lesson cannot be read.
    """
    if not isinstance(exercise_id, str):
        raise UnknownExercise(f'an exercise id is a string: "{exercise_id}", with the quotes')
    wanted = exercise_id.strip()
    if wanted not in _exercises:
        _load(wanted)
    return _exercises[wanted]


def function_of(exercise_id: str) -> CheckFunction:
    """The check of an exercise that :func:`find` has found."""
    return _functions[exercise_id]


def _load(wanted: str) -> None:
    try:
        file = catalog.exercise(wanted).file
    except catalog.UnknownExercise:
        file = None
    module = module_of(file) if file else ""
    try:
        importlib.import_module(module or "workshop.exercises")
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
    if wanted not in _exercises:
        raise UnknownExercise(_unknown(wanted))


def _unknown(wanted: str) -> str:
    by_lesson: defaultdict[int, list[str]] = defaultdict(list)
    for lesson in catalog.lessons():
        by_lesson[lesson.number] += [one.id for one in lesson.exercises]
    ranges = [ids[0] if len(ids) == 1 else f"{ids[0]} to {ids[-1]}" for ids in by_lesson.values() if ids]
    if not ranges:
        return f'there is no exercise "{wanted}": there are no lessons'
    *most, last = ranges
    there_are = f"{', '.join(most)} and {last}" if most else last
    return f'there is no exercise "{wanted}"; there are {there_are}'
