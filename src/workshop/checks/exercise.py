"""An exercise as its check sees it, and how the learner's file and the check's module find each other.

``my/native_agent/failures.py`` is checked by ``workshop.exercises.native_agent.failures``. Which number the
exercise has is the catalogue's business: the exercise whose cell writes that file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workshop import catalog

PACKAGE = "workshop.exercises"

_FILE = re.compile(r"my/([a-z_][a-z0-9_]*)/([a-z_][a-z0-9_]*)\.py")
_MODULE = re.compile(re.escape(PACKAGE) + r"\.([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)")


@dataclass(frozen=True)
class Exercise:
    """One exercise as its check sees it.

    Attributes:
        id: Lesson and number, such as ``"1.2"``.
        file: What the learner writes, such as ``my/first_agent/haiku.py``, relative to the notebook.
        proves: One sentence: what a pass has just proved.
        hints: The ladder: a question, the API with a link, nearly the code.
        timeout: Seconds for the whole check.
        note: What is printed while the learner waits; empty for a check of the usual few seconds.
        temporal: Whether it needs the Temporal server; the gateway it always does.
        not_replayed: Why its runs are not replayed at its end; empty where they are, as they should be.

    Raises:
        ValueError: the file is not of the form above, or a sentence is missing.
    """

    id: str
    file: str
    proves: str
    hints: tuple[str, ...]
    timeout: float = 20.0
    note: str = ""
    temporal: bool = True
    not_replayed: str = ""

    def __post_init__(self) -> None:
        module_of(self.file)
        if not self.proves or not self.hints:
            raise ValueError(f"the exercise of {self.file} needs what it proves, and hints")


def module_of(file: str) -> str:
    """The module that checks a learner's file.

    Raises:
        ValueError: a learner's file looks different.
    """
    if not (match := _FILE.fullmatch(file)):
        raise ValueError(f"a file looks like 'my/folder/name.py', not {file!r}")
    return f"{PACKAGE}.{match[1]}.{match[2]}"


def file_of(module: str) -> str:
    """The learner's file that a module checks.

    Raises:
        ValueError: the module is not where such modules are.
    """
    if not (match := _MODULE.fullmatch(module)):
        raise ValueError(f"a check stands in a module such as '{PACKAGE}.folder.name', not in {module!r}")
    return f"my/{match[1]}/{match[2]}.py"


def id_of(file: str) -> str:
    """The id of the exercise whose cell writes a learner's file, for a message; "?" where there is none.

    Raises:
        LessonError: a lesson cannot be read.
    """
    written = catalog.exercise_of(file)
    return written.id if written else "?"


def check_modules() -> list[str]:
    """The modules of all checks, in the order of the exercises.

    Raises:
        LessonError: a lesson cannot be read.
    """
    files = (one.file for lesson in catalog.lessons() for one in lesson.exercises)
    return [module_of(file) for file in files if file]
