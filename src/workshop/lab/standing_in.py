"""Lets a lesson's demonstrations run before its exercises are done."""

from __future__ import annotations

from pathlib import Path

from workshop import catalog


def stand_in(*wanted: str) -> None:
    """Write the course's solution into the file of each of these exercises that is still open.

    A file of the learner's is never touched: only one that is missing, or still is what the exercise's cell
    writes as it came. The first line of what is written says so, and the check of that exercise does not take it
    for the learner's.

    Args:
        wanted: Exercises, such as ``"2.1"``; or a whole lesson, such as ``"3"``: then also the files that the
            lesson gives, where they are missing.

    Raises:
        UnknownExercise: there is no exercise with this id.
        LookupError: there is no lesson with this number.
    """
    for one in wanted:
        if one.isdecimal():
            _lesson_stands_in(catalog.lesson(int(one)))
        else:
            _exercise_stands_in(catalog.exercise(one))


def _exercise_stands_in(exercise: catalog.Exercise) -> None:
    path = Path(exercise.file or "")
    if exercise.file is None or exercise.openness(path) not in ("missing", "as shipped"):
        return
    body = exercise.solution.partition("\n")[2]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{catalog.STAND_IN}{exercise.id}.\n{body}\n", encoding="utf-8")
    print(f"{path.as_posix()}: the course's solution stands in for exercise {exercise.id}.")


def _lesson_stands_in(lesson: catalog.Lesson) -> None:
    for exercise in lesson.exercises:
        _exercise_stands_in(exercise)
    for name, content in lesson.files.items():
        path = Path(name)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
