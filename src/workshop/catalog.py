"""What the lessons are: read from ``solutions/*.ipynb``, their one source.

Everything that needs a lesson's title, minutes, exercises or solutions asks here; nothing else reads that
metadata. The format of an exercise:

- a markdown cell that begins ``### Exercise 1.2: Title · 5 min · difficulty 2/5 · core``;
- a code cell with the nbgrader id ``ex-1-2`` that holds the solution between ``### BEGIN SOLUTION`` and
  ``### END SOLUTION``, each alone on its line;
- a code cell with the nbgrader id ``check-1-2``, worth its ``points``.

A lesson's number and title stand in its first heading (``# 1 · Your first agent``). The same cell says how
long it takes: "About 40 minutes: 15 for the core exercises", or "40 minutes, the core takes 15 minutes".

Which paths lead through a lesson, and how far they go there, is in the notebook's metadata:
``"workshop": {"paths": {"90min": "core", "half-day": "full"}}``. The names are those of
:class:`workshop.paths.CoursePath`; what is full holds the core, too.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from workshop import settings

PLACEHOLDER = "...  # your code here"
"""What stands where the learner is to write."""

BEGIN_SOLUTION = "### BEGIN SOLUTION"
END_SOLUTION = "### END SOLUTION"

STAND_IN = "# The course's solution stands in here until you do exercise "
"""How a file begins that holds the course's solution until the learner has one: the rest is the exercise's id."""

LessonPath = Literal["core", "full", "bonus"]
Openness = Literal["missing", "as shipped", "standing in"]

EXERCISE_HEADING = re.compile(
    r"^### Exercise (?P<lesson>\d+)\.(?P<number>\d+): (?P<title>\S.*?)"
    r" · (?P<minutes>\d+) min · difficulty (?P<difficulty>[1-5])/5 · (?P<path>core|full|bonus)\s*$"
)
LESSON_HEADING = re.compile(r"^# (?P<number>\d+) · (?P<title>\S.*?)\s*$", re.MULTILINE)
LESSON_MINUTES = re.compile(r"(\d+) minutes")
CORE_MINUTES = re.compile(r"\b(\d+)(?: minutes)? for the core\b|\bcore\b\D*?(\d+) minutes", re.IGNORECASE)
WRITEFILE = re.compile(r"^%%writefile (?:-a )?(\S+)\s*$", re.MULTILINE)


class LessonError(ValueError):
    """A solution notebook does not have the form described above; the message says where and how."""


class UnknownExercise(LookupError):
    """There is no exercise with this id; the message names those there are."""


class Exercise(BaseModel):
    """One exercise of a lesson."""

    model_config = ConfigDict(frozen=True)

    id: str
    """``<lesson>.<number>``, for example ``1.2``."""
    title: str
    minutes: int
    difficulty: int
    """From 1 to 5."""
    path: LessonPath
    points: int
    heading: int
    """Where in the notebook its heading cell stands, from 0."""
    source: str
    """Its solution cell as the author wrote it, markers included."""
    check_source: str
    """Its check cell."""

    @property
    def grade_id(self) -> str:
        """The nbgrader id of the solution cell."""
        return grade_ids(self.id)[0]

    @property
    def check_grade_id(self) -> str:
        """The nbgrader id of the check cell."""
        return grade_ids(self.id)[1]

    @property
    def file(self) -> str | None:
        """The file that its cell writes, as the cell names it, if it writes one."""
        found = WRITEFILE.match(self.source)
        return found[1] if found else None

    def openness(self, path: Path) -> Openness | None:
        """Why the learner's copy of :attr:`file` holds nothing of the learner's yet; None where it does."""
        return openness(path, self.shipped if self.file else None)

    @property
    def solution(self) -> str:
        """The solution cell without its markers."""
        return strip_markers(self.source)

    @property
    def shipped(self) -> str:
        """The cell as the learner first sees it."""
        return clear_solutions(self.source)


class Lesson(BaseModel):
    """One lesson. Its exercises are in the order of the notebook."""

    model_config = ConfigDict(frozen=True)

    number: int
    title: str
    minutes: int
    """How long it takes in all, as it says itself."""
    core_minutes: int | None
    """How much of that is its core, if it says so."""
    file: Path
    """The solution notebook."""
    exercises: tuple[Exercise, ...]
    paths: dict[str, LessonPath]
    """How far each path goes in it, by the path's name; a path that leaves the lesson out is not there."""
    files: dict[str, str]
    """What its cells write into files, solved: the content by the name that the cell gives. Of two cells for one
    file, the first counts: a lesson that breaks a file in order to show something does so later."""

    @property
    def name(self) -> str:
        """The notebook's name without its suffix, for example ``01_first_agent``."""
        return self.file.stem

    @property
    def points(self) -> int:
        """What all its exercises are worth together."""
        return sum(exercise.points for exercise in self.exercises)


def grade_ids(exercise_id: str) -> tuple[str, str]:
    """The nbgrader ids of an exercise's solution cell and check cell."""
    dashed = exercise_id.replace(".", "-")
    return f"ex-{dashed}", f"check-{dashed}"


def solutions_folder() -> Path:
    """Where the solution notebooks are."""
    return settings.load().root / "solutions"


def lessons(folder: Path | None = None) -> tuple[Lesson, ...]:
    """All lessons, in order of their numbers.

    Args:
        folder: Where to look, instead of the course's ``solutions``.

    Raises:
        LessonError: a notebook there is not a lesson, or two have the same number.
    """
    found: dict[int, Lesson] = {}
    for path in sorted((folder or solutions_folder()).glob("*.ipynb")):
        lesson = _parsed(path, path.stat().st_mtime_ns)
        if lesson.number in found:
            raise LessonError(f"{path.name}: {found[lesson.number].file.name} is lesson {lesson.number} too")
        found[lesson.number] = lesson
    return tuple(found[number] for number in sorted(found))


def lesson(number: int, folder: Path | None = None) -> Lesson:
    """The lesson with this number.

    Raises:
        LookupError: there is none.
        LessonError: a notebook is not a lesson.
    """
    known = lessons(folder)
    for one in known:
        if one.number == number:
            return one
    raise LookupError(f"There is no lesson {number}. The lessons: {', '.join(str(k.number) for k in known)}.")


def lesson_of(my_folder: str, folder: Path | None = None) -> Lesson:
    """The lesson that writes into this folder of the learner's, such as ``first_agent`` for ``my/first_agent/``.

    Raises:
        LookupError: there is none.
        LessonError: a notebook is not a lesson.
    """
    for one in lessons(folder):
        if any(file.startswith(f"my/{my_folder}/") for file in one.files):
            return one
    raise LookupError(f"No lesson writes into my/{my_folder}/.")


def exercise(exercise_id: str, folder: Path | None = None) -> Exercise:
    """The exercise with this id.

    Raises:
        UnknownExercise: there is none.
        LessonError: a notebook is not a lesson.
    """
    known = [one for part in lessons(folder) for one in part.exercises]
    for one in known:
        if one.id == exercise_id:
            return one
    ids = ", ".join(one.id for one in known) or "none"
    raise UnknownExercise(f"There is no exercise {exercise_id!r}. The exercises: {ids}.")


def exercise_of(file: str, folder: Path | None = None) -> Exercise | None:
    """The exercise whose cell writes this file, such as ``my/first_agent/haiku.py``; None where there is none.

    Raises:
        LessonError: a notebook is not a lesson.
    """
    found = (one for part in lessons(folder) for one in part.exercises if one.file == file)
    return next(found, None)


def openness(path: Path, shipped: str | None = None) -> Openness | None:
    """Why a file holds nothing of the learner's yet; None where it does.

    A placeholder that was left below an answer does not make a file open. What makes it open is a placeholder and
    no line of code but those that the cell came with; so does a file that an older version of the cell has written.

    Args:
        path: The file.
        shipped: The cell that writes it, as the learner first sees it; None where no cell does.
    """
    if not path.is_file():
        return "missing"
    text = path.read_text(encoding="utf-8", errors="replace")
    if text.startswith(STAND_IN):
        return "standing in"
    if shipped is not None and PLACEHOLDER in text and _code(text) <= _code(shipped):
        return "as shipped"
    return None


def _code(text: str) -> set[str]:
    # Whichever quotes: an editor that formats may have changed them.
    lines = {line.strip().replace("'", '"') for line in text.splitlines()}
    return {line for line in lines if line and not line.startswith("#")}


def solution_source(exercise_id: str, folder: Path | None = None) -> str:
    """The solution of an exercise, as it would be typed into its cell.

    Raises:
        UnknownExercise: there is no such exercise.
        LessonError: a notebook is not a lesson.
    """
    return exercise(exercise_id, folder).solution


def shipped_source(exercise_id: str, folder: Path | None = None) -> str:
    """The cell of an exercise as the learner first sees it, with placeholders.

    Raises:
        UnknownExercise: there is no such exercise.
        LessonError: a notebook is not a lesson.
    """
    return exercise(exercise_id, folder).shipped


def parse(path: Path) -> Lesson:
    """Read one solution notebook.

    Raises:
        LessonError: it is not a lesson; the message begins with its name.
        OSError: it cannot be read.
    """
    try:
        raw = _raw(path)
        return _lesson(path, _cells(raw), _paths(raw))
    except LessonError as error:
        raise LessonError(f"{path.name}: {error}") from None


def stated_core_minutes(opening: str) -> int | None:
    """How long a lesson's core takes, as its first cell says; None if it does not."""
    found = CORE_MINUTES.search(opening)
    return int(found[1] or found[2]) if found else None


def strip_markers(source: str) -> str:
    """A solution cell without the lines that mark the solution."""
    return "\n".join(
        line for line in source.split("\n") if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION)
    )


def clear_solutions(source: str) -> str:
    """A solution cell with each solution replaced by a placeholder line at its indentation.

    Raises:
        LessonError: the markers do not come in pairs.
    """
    kept: list[str] = []
    inside = False
    for line in source.split("\n"):
        mark = line.strip()
        if mark in (BEGIN_SOLUTION, END_SOLUTION):
            if inside == (mark == BEGIN_SOLUTION):
                raise LessonError(f"a {mark!r} too many in the cell that begins {source.split(chr(10))[0]!r}")
            inside = not inside
            if inside:
                kept.append(line[: len(line) - len(line.lstrip())] + PLACEHOLDER)
        elif not inside:
            kept.append(line)
    if inside:
        raise LessonError(f"{END_SOLUTION!r} is missing in the cell that begins {source.split(chr(10))[0]!r}")
    return "\n".join(kept)


@functools.lru_cache(maxsize=64)
def _parsed(path: Path, modified_ns: int) -> Lesson:
    # The time of the last change is part of the key: a notebook saved anew is read anew.
    return parse(path)


_NO_NOTEBOOK = "this is not a notebook of format 4"


class _Paths(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paths: dict[str, LessonPath] = {}


class _Cell(BaseModel):
    kind: str
    source: str
    grader: dict[str, Any]


def _raw(path: Path) -> dict[str, Any]:
    # Plain JSON: nbformat takes longer to import than this takes for every lesson.
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise LessonError(_NO_NOTEBOOK) from None
    if not isinstance(raw, dict):
        raise LessonError(_NO_NOTEBOOK)
    return raw


def _cells(raw: dict[str, Any]) -> list[_Cell]:
    try:
        return [
            _Cell(
                kind=cell["cell_type"],
                source=cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]),
                grader=cell["metadata"].get("nbgrader") or {},
            )
            for cell in raw["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LessonError(_NO_NOTEBOOK) from None


def _paths(raw: dict[str, Any]) -> dict[str, LessonPath]:
    try:
        return _Paths(**(raw.get("metadata", {}).get("workshop") or {})).paths
    except (ValidationError, AttributeError, TypeError):
        raise LessonError(
            'the metadata "workshop" should look like {"paths": {"90min": "core", "half-day": "full"}}'
        ) from None


def _lesson(path: Path, cells: list[_Cell], paths: dict[str, LessonPath]) -> Lesson:
    opening = cells[0].source if cells and cells[0].kind == "markdown" else ""
    heading = LESSON_HEADING.search(opening)
    minutes = LESSON_MINUTES.search(opening)
    if not heading:
        raise LessonError('cell 0 must hold a heading such as "# 1 · Your first agent"')
    if not minutes:
        raise LessonError('cell 0 must say how long the lesson takes: "About 40 minutes"')
    number = int(heading["number"])
    found: list[Exercise] = []
    for index, cell in enumerate(cells):
        if cell.kind == "markdown" and cell.source.startswith("### Exercise"):
            found.append(_exercise(number, index, cells))
    ids = [one.id for one in found]
    if len(set(ids)) < len(ids):
        raise LessonError(f"two exercises have the same id ({', '.join(ids)})")
    return Lesson(
        number=number,
        title=heading["title"],
        minutes=int(minutes[1]),
        core_minutes=stated_core_minutes(opening),
        file=path,
        exercises=tuple(found),
        paths=paths,
        files=_files(cells),
    )


def _files(cells: list[_Cell]) -> dict[str, str]:
    found: dict[str, str] = {}
    for cell in cells:
        match = WRITEFILE.match(cell.source) if cell.kind == "code" else None
        if match:
            found.setdefault(match[1], strip_markers(cell.source).partition("\n")[2] + "\n")
    return found


def _exercise(lesson_number: int, index: int, cells: list[_Cell]) -> Exercise:
    first_line = cells[index].source.split("\n")[0]
    match = EXERCISE_HEADING.match(first_line)
    if not match:
        raise LessonError(
            f"cell {index}: {first_line!r} should look like "
            '"### Exercise 1.2: Title · 5 min · difficulty 2/5 · core"'
        )
    if int(match["lesson"]) != lesson_number:
        raise LessonError(
            f"cell {index}: exercise {match['lesson']}.{match['number']} in lesson {lesson_number}"
        )
    exercise_id = f"{match['lesson']}.{match['number']}"
    grade_id, check_grade_id = grade_ids(exercise_id)
    by_grade_id = {cell.grader.get("grade_id"): cell for cell in cells if cell.kind == "code"}
    for wanted in (grade_id, check_grade_id):
        if wanted not in by_grade_id:
            raise LessonError(
                f"cell {index}: exercise {exercise_id} has no code cell with the nbgrader id {wanted!r}"
            )
    check = by_grade_id[check_grade_id]
    points = check.grader.get("points")
    if not isinstance(points, int) or points < 1:
        raise LessonError(f"the cell {check_grade_id!r} must be worth at least one point, not {points!r}")
    return Exercise(
        id=exercise_id,
        title=match["title"],
        minutes=int(match["minutes"]),
        difficulty=int(match["difficulty"]),
        path=cast(LessonPath, match["path"]),
        points=points,
        heading=index,
        source=by_grade_id[grade_id].source,
        check_source=check.source,
    )


__all__ = [
    "BEGIN_SOLUTION",
    "END_SOLUTION",
    "EXERCISE_HEADING",
    "LESSON_HEADING",
    "LESSON_MINUTES",
    "PLACEHOLDER",
    "STAND_IN",
    "WRITEFILE",
    "Exercise",
    "Lesson",
    "LessonError",
    "LessonPath",
    "Openness",
    "UnknownExercise",
    "clear_solutions",
    "exercise",
    "exercise_of",
    "grade_ids",
    "lesson",
    "lesson_of",
    "lessons",
    "openness",
    "parse",
    "shipped_source",
    "solution_source",
    "solutions_folder",
    "stated_core_minutes",
    "strip_markers",
]
