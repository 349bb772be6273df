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
