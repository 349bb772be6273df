"""Lets a lesson's demonstrations run before its exercises are done."""

from __future__ import annotations

from pathlib import Path

from workshop import lessons

MARK = "# The course's solution stands in here until you do exercise "


def stand_in(*exercise_ids: str) -> None:
    """Write the course's solution into the file of each of these exercises that is still open.

    A file of the learner's is never touched: only one that is missing or still holds its placeholder. The first
    line of what is written says so, and the check of that exercise does not take it for the learner's.

    Args:
        exercise_ids: Such as ``"2.1"``.

    Raises:
        UnknownExercise: there is no exercise with this id.
    """
    for exercise_id in exercise_ids:
        exercise = lessons.exercise(exercise_id)
        path = Path(exercise.file or "")
        if exercise.file is None or not _open(path):
            continue
        body = exercise.solution.partition("\n")[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{MARK}{exercise.id}.\n{body}\n", encoding="utf-8")
        print(f"{path.as_posix()}: the course's solution stands in for exercise {exercise.id}.")


def stands_in(path: Path) -> bool:
    """Whether a file is the course's solution, standing in."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().startswith(MARK)


def _open(path: Path) -> bool:
    if not path.is_file():
        return True
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return any(line.strip() == lessons.PLACEHOLDER for line in lines)
