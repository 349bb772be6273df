"""The paths through the course: which exercises of which lessons belong to 90 minutes, half a day, or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from workshop.catalog import Exercise, Lesson, LessonPath


class CoursePath(StrEnum):
    """How much of the course is taken."""

    NINETY_MINUTES = "90min"
    HALF_DAY = "half-day"
    ALL = "all"


_FIRST_HALF = range(1, 5)
_SECOND_HALF = range(5, 7)
_CORE: frozenset[LessonPath] = frozenset({"core"})
_FULL: frozenset[LessonPath] = frozenset({"core", "full"})


def exercises_on(path: CoursePath, lesson: Lesson) -> list[Exercise]:
    """The exercises of a lesson that belong to a path; none if the path leaves the lesson out."""
    return [
        one for one in lesson.exercises if path is CoursePath.ALL or one.path in _taken(path, lesson.number)
    ]


def lessons_on(path: CoursePath, lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons of which a path takes something, in their order."""
    return [lesson for lesson in lessons if exercises_on(path, lesson)]


def minutes_of(exercises: Sequence[Exercise]) -> int:
    """How many minutes these exercises take together, as their headings say."""
    return sum(one.minutes for one in exercises)


def _taken(path: CoursePath, number: int) -> frozenset[LessonPath]:
    if number in _FIRST_HALF:
        return _CORE if path is CoursePath.NINETY_MINUTES else _FULL
    return _CORE if path is CoursePath.HALF_DAY and number in _SECOND_HALF else frozenset()


__all__ = ["CoursePath", "exercises_on", "lessons_on", "minutes_of"]
