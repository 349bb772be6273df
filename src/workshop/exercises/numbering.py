"""The numbers of lessons and exercises in what a check says: it knows files, the catalogue knows their numbers."""

from __future__ import annotations

from workshop import catalog


def lesson(folder: str) -> str:
    """The lesson that writes into a folder of the learner's, as ``lesson 3``.

    Raises:
        LookupError: there is none.
        LessonError: a lesson cannot be read.
    """
    return f"lesson {catalog.lesson_of(folder).number}"


def exercise_id(file: str) -> str:
    """The id of the exercise that writes a file of the learner's, as ``3.2``.

    Raises:
        LookupError: there is none.
        LessonError: a lesson cannot be read.
    """
    if (found := catalog.exercise_of(file)) is None:
        raise LookupError(f"no exercise of any lesson writes {file}")
    return found.id
