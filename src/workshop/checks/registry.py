"""Which exercises exist, what each one proves, and the function that checks it.

Lesson N registers its exercises by being imported: ``workshop.checks.lesson<N>``, the first time one of its
ids is asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import workshop.checks as package

from .outcomes import UnknownExercise

if TYPE_CHECKING:
    from .bench import Bench

CheckFunction = Callable[["Bench"], Awaitable[str | None]]

_LESSON_MODULE = re.compile(r"lesson(\d+)")
_ID = re.compile(r"(\d+)\.(\d+)")

_exercises: dict[str, Exercise] = {}


@dataclass(frozen=True)
class Exercise:
    """One exercise as its check sees it.

    Attributes:
        id: Lesson and number, such as ``"1.2"``.
        files: The files that the learner writes, relative to the notebook, with forward slashes.
        proves: One sentence: what a pass has just proved.
        hints: The ladder: a question, the API with a link, nearly the code.
        timeout: Seconds for the whole check.
        function: Judges; raises ``NotYet``, or returns: nothing, or what it saw, to be shown with the pass.
        note: What is printed while the learner waits; empty for a check of the usual few seconds.
    """

    id: str
    files: tuple[str, ...]
    proves: str
    hints: tuple[str, ...]
    timeout: float
    function: CheckFunction
    note: str = ""

    @property
    def lesson(self) -> int:
        """The lesson's number."""
        return int(self.id.partition(".")[0])


def exercise(
    exercise_id: str,
    *,
    file: str | tuple[str, ...],
    proves: str,
    hints: tuple[str, ...],
    timeout: float = 20.0,
    note: str = "",
) -> Callable[[CheckFunction], CheckFunction]:
    """Register the decorated function as the check of an exercise.

    Args:
        exercise_id: Lesson and number, such as ``"1.2"``.
        file: What the learner writes, such as ``"my/first_agent/haiku.py"``. Of several files, the first is
            the one that :meth:`Bench.run` imports unless told otherwise.
        proves: One sentence, shown with PASSED.
        hints: The rungs of ``hint()``, vaguest first.
        timeout: Seconds for the whole check; what still runs then is ended.
        note: For a long check: what it does meanwhile and how long that takes, without a full stop.

    Raises:
        ValueError: the id or a file is not of the form above, or a sentence is missing.
    """
    files = (file,) if isinstance(file, str) else file
    if not _ID.fullmatch(exercise_id):
        raise ValueError(f"an exercise id looks like '1.2', not {exercise_id!r}")
    for name in files:
        if not re.fullmatch(r"my/([a-z_][a-z0-9_]*/)*[a-z_][a-z0-9_]*\.py", name):
            raise ValueError(f"exercise {exercise_id}: a file looks like 'my/folder/name.py', not {name!r}")
    if not files or not proves or not hints:
        raise ValueError(f"exercise {exercise_id} needs a file, what it proves, and hints")

    def register(function: CheckFunction) -> CheckFunction:
        _exercises[exercise_id] = Exercise(exercise_id, files, proves, hints, timeout, function, note)
        return function

    return register


def find(exercise_id: str) -> Exercise:
    """The exercise with this id; imports its lesson's checks if need be.

    Raises:
        UnknownExercise: there is none; the message says which there are.
    """
    if not isinstance(exercise_id, str):
        raise UnknownExercise(f'an exercise id is a text: "{exercise_id}", with the quotes')
    wanted = exercise_id.strip()
    if wanted not in _exercises and (match := _ID.fullmatch(wanted)):
        _load(int(match[1]))
    try:
        return _exercises[wanted]
    except KeyError:
        raise UnknownExercise(_unknown(wanted)) from None


def exercises() -> list[Exercise]:
    """Every exercise of every lesson, in order. Imports the checks of all lessons."""
    for number in lesson_numbers():
        _load(number)
    return sorted(_exercises.values(), key=lambda one: tuple(map(int, one.id.split("."))))


def lesson_numbers() -> list[int]:
    """The lessons that have a module of checks."""
    found = (_LESSON_MODULE.fullmatch(module.name) for module in pkgutil.iter_modules(package.__path__))
    return sorted(int(match[1]) for match in found if match)


def _load(lesson: int) -> None:
    if lesson in lesson_numbers():
        importlib.import_module(f"{package.__name__}.lesson{lesson}")


def _unknown(wanted: str) -> str:
    by_lesson: defaultdict[int, list[str]] = defaultdict(list)
    for one in exercises():
        by_lesson[one.lesson].append(one.id)
    if not by_lesson:
        return f'there is no exercise "{wanted}": no checks are installed'
    ranges = [ids[0] if len(ids) == 1 else f"{ids[0]} to {ids[-1]}" for ids in by_lesson.values()]
    *most, last = ranges
    there_are = f"{', '.join(most)} and {last}" if most else last
    return f'there is no exercise "{wanted}"; there are {there_are}'
