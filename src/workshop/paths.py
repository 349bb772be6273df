"""The paths through the course: which exercises of which lessons belong to 90 minutes, to half a day, to a day, to all.

Each lesson says in its own metadata how far a path goes in it; a path's name is all that is known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from workshop.catalog import Exercise, Lesson, LessonPath


class CoursePath(StrEnum):
    """How much of the course is taken."""

    NINETY_MINUTES = "90min"
    HALF_DAY = "half-day"
    ONE_DAY = "one-day"
    ALL = "all"


_HOLDS: dict[LessonPath | None, frozenset[LessonPath]] = {
    None: frozenset(),
    "core": frozenset({"core"}),
    "full": frozenset({"core", "full"}),
    "bonus": frozenset({"core", "full", "bonus"}),
}


def exercises_on(path: CoursePath, lesson: Lesson) -> list[Exercise]:
    """The exercises of a lesson that belong to a path; none if the path leaves the lesson out."""
    taken = _HOLDS["bonus" if path is CoursePath.ALL else lesson.paths.get(path)]
    return [one for one in lesson.exercises if one.path in taken]


def lessons_on(path: CoursePath, lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons of which a path takes something, in their order."""
    return [lesson for lesson in lessons if exercises_on(path, lesson)]


def minutes_of(exercises: Sequence[Exercise]) -> int:
    """How many minutes these exercises take together, as their headings say."""
    return sum(one.minutes for one in exercises)


__all__ = ["CoursePath", "exercises_on", "lessons_on", "minutes_of"]
