"""Scores a learner's notebook by what it really passes.

The notebook runs cell by cell in a fresh kernel and an empty directory, where it can write files and nothing
else that counts: its check cells do not run. Where one stands, this process runs the course's own check on
the files written so far. So a redefined ``check``, a forged print or an edited progress file earns nothing,
and a cell that hangs or ends its kernel costs only what it would have done.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from workshop import catalog
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import Kind, UnknownExercise
from workshop.settings import Settings, SettingsError, load

from .fresh_kernel import TROUBLE, Kernel, KernelProblem

Result = Literal["passed", "not yet", "not attempted", "missing", "course problem"]
Say = Callable[[str], None]

CELL_TIMEOUT = 60.0
"""Seconds that one cell may take; it is interrupted then, and if that does not help its kernel is ended."""

_REVIVALS = 5
"""How often the course's services are started again in one notebook, should its cells end them."""

_RESULTS: dict[Kind, Result] = {
    "passed": "passed",
    "not_yet": "not yet",
    "not_attempted": "not attempted",
    "course_problem": "course problem",
}


class GradedExercise(BaseModel):
    """What one exercise earned.

    Attributes:
        points: What it is worth.
        earned: All of that, or 0.
        result: ``missing``: neither its solution cell nor its check cell is in the notebook.
        note: Why, in one line; empty after a pass.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    points: int
    earned: int
    result: Result
    note: str = ""


class GradeReport(BaseModel):
    """What one notebook earned.

    Attributes:
        notebook: As it was named by the caller.
        lesson: Its lesson's number; None if it is not of this course.
        bad_input: Why it could not be graded at all, in one line; else None.
        course_problem: What of the course was at fault, in one line; the score is then not the learner's.
        remarks: Cells that did not end, or ended the kernel or a service.
        seconds: How long grading took.
    """

    model_config = ConfigDict(frozen=True)

    notebook: str
    lesson: int | None = None
    title: str = ""
    exercises: tuple[GradedExercise, ...] = ()
    points: int = 0
    earned: int = 0
    bad_input: str | None = None
    course_problem: str | None = None
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0


class _Cell(BaseModel):
    code: bool
    source: str
    grade_id: str


class _BadInput(Exception):
    """The notebook cannot be graded; the message says why in one line."""


def grade_notebooks(
    notebooks: Iterable[str | os.PathLike[str]],
    *,
    settings: Settings | None = None,
    solutions: Path | None = None,
    cell_timeout: float = CELL_TIMEOUT,
    start_services: bool = True,
    say: Say | None = None,
    done: Callable[[GradeReport], None] | None = None,
) -> list[GradeReport]:
    """Grade notebooks one after the other; one that cannot be graded does not stop the others.

    Args:
        notebooks: Their paths; they are read, never written.
        settings: Which gateway to use.
        solutions: Where the lessons' sources are, instead of the course's own folder.
        cell_timeout: Seconds that one cell may take.
        start_services: Start Temporal and the gateway if they do not run, also when a cell has ended them.
        say: Is told each step in one line.
        done: Is given each report as soon as it is there.
    """
    tell = say or _silent
    reports: list[GradeReport] = []
    for notebook in notebooks:
        report = _grade_one(os.fspath(notebook), settings, solutions, cell_timeout, start_services, tell)
        reports.append(report)
        if done is not None:
            done(report)
    return reports


def exit_code(reports: Sequence[GradeReport]) -> int:
    """What a command ends with: 2 if a notebook is not of the course, 1 for a course problem, else 0."""
    if any(report.bad_input for report in reports):
        return 2
    return 1 if any(report.course_problem for report in reports) else 0


def to_json(reports: Sequence[GradeReport]) -> str:
    """The reports as a JSON array, for other programs."""
    return json.dumps([report.model_dump(mode="json") for report in reports], indent=2, ensure_ascii=False)


def render_table(reports: Sequence[GradeReport]) -> str:
    """The reports as text: for each notebook its exercises, points, results and total."""
    return "\n\n".join(_table(report) for report in reports)


def _table(report: GradeReport) -> str:
    if report.bad_input:
        return report.bad_input
    lines = [f"{report.notebook} · lesson {report.lesson}: {report.title}"]
    if report.exercises:
        rows = [("exercise", "points", "result", "note")]
        rows += [(one.id, f"{one.earned}/{one.points}", one.result, one.note) for one in report.exercises]
        rows.append(("total", f"{report.earned}/{report.points}", "", ""))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for first, points, result, note in rows:
            row = f"{first:<{widths[0]}}  {points:>{widths[1]}}  {result:<{widths[2]}}  {note}"
            lines.append(row.rstrip())
    lines += report.remarks
    if report.course_problem:
        lines.append(f"COURSE PROBLEM: {report.course_problem}")
        lines.append("The score above does not reflect the learner's work; grade again when this is fixed.")
    return "\n".join(lines)


def _silent(_: str) -> None:
    pass


def _grade_one(
    notebook: str,
    settings: Settings | None,
    solutions: Path | None,
    cell_timeout: float,
    start_services: bool,
    say: Say,
) -> GradeReport:
    began = time.monotonic()
    try:
        cells = _read(Path(notebook))
        lesson = _lesson_of(cells, Path(notebook), catalog.lessons(solutions))
    except _BadInput as error:
        return GradeReport(notebook=notebook, bad_input=f"{notebook}: {error}")
    except catalog.LessonError as error:
        return GradeReport(notebook=notebook, course_problem=str(error))
    report = GradeReport(notebook=notebook, lesson=lesson.number, title=lesson.title)
    say(f"Grading {notebook} as lesson {lesson.number} ...")
    try:
        settings = settings or load()
        if start_services:
            settings = _start_services(settings)
    except (_NoServices, SettingsError) as error:
        return report.model_copy(update={"course_problem": " ".join(str(error).split())})
    grading = _Grading(cells, lesson, settings, cell_timeout, start_services, say)
    exercises = asyncio.run(grading.grade())
    faults = [one.note for one in exercises if one.result == "course problem"]
    if grading.kernel_problem:
        faults.insert(0, grading.kernel_problem)
    return report.model_copy(
        update={
            "exercises": tuple(exercises),
            "points": lesson.points,
            "earned": sum(one.earned for one in exercises),
            "course_problem": faults[0] if faults else None,
            "remarks": tuple(grading.remarks),
            "seconds": round(time.monotonic() - began, 1),
        }
    )


class _NoServices(Exception):
    """The services do not run and could not be started."""


def _start_services(settings: Settings) -> Settings:
    """Start what does not run; the settings with the ports that were taken."""
    from workshop.errors import LabError
    from workshop.lab import services

    try:
        return services.up(settings, keep_mode=True).settings
    except LabError as error:
        raise _NoServices(str(error)) from None


# --- the notebook -------------------------------------------------------------------------------------


def _read(path: Path) -> list[_Cell]:
    # Plain JSON: what a learner hands in need not be valid to the letter to be graded.
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _BadInput("there is no such file") from None
    except IsADirectoryError:
        raise _BadInput("this is a folder; name the notebook in it") from None
    except OSError as error:
        raise _BadInput(f"it cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise _BadInput("this is not a notebook (it is not JSON)") from None
    cells = body.get("cells") if isinstance(body, dict) else None
    if not isinstance(cells, list) or body.get("nbformat") != 4:
        raise _BadInput("this is not a notebook of format 4") from None
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell: dict[str, Any]) -> _Cell:
    source = cell.get("source")
    text = "".join(map(str, source)) if isinstance(source, list) else source
    metadata = cell.get("metadata")
    grader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = grader.get("grade_id") if isinstance(grader, dict) else None
    return _Cell(
        code=cell.get("cell_type") == "code",
        source=text if isinstance(text, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else "",
    )


def _lesson_of(cells: list[_Cell], path: Path, known: Sequence[catalog.Lesson]) -> catalog.Lesson:
    """The lesson whose exercises are in the notebook; by its file's name if it holds none."""
    by_id = {
        mark: lesson
        for lesson in known
        for exercise in lesson.exercises
        for mark in catalog.grade_ids(exercise.id)
    }
    votes = Counter(by_id[cell.grade_id].number for cell in cells if cell.grade_id in by_id)
    if not votes:
        votes = Counter(
            lesson.number
            for lesson in known
            for exercise in lesson.exercises
            for cell in cells
            if cell.code and _calls_check(cell, exercise.id)
        )
    named = [lesson for lesson in known if path.stem.startswith(lesson.name)]
    if votes:
        number = votes.most_common(1)[0][0]
        return next(lesson for lesson in known if lesson.number == number)
    if named:
        return named[0]
    raise _BadInput("no exercise of this course is in it")


def _calls_check(cell: _Cell, exercise_id: str) -> bool:
    return re.search(rf"""\bcheck\(\s*["']{re.escape(exercise_id)}["']""", cell.source) is not None


class _Plan:
    """Which cells run, and after which of them an exercise is judged."""

    def __init__(self, cells: list[_Cell], lesson: catalog.Lesson) -> None:
        self.cells = cells
        self.checks: set[int] = set()
        self.judged_after: dict[int, list[str]] = {}
        self.judged_last: list[str] = []
        self.absent: set[str] = set()
        self.solution_cells: dict[int, str] = {}
        for exercise in lesson.exercises:
            self._place(exercise)

    def _place(self, exercise: catalog.Exercise) -> None:
        solutions = self._with(exercise.grade_id)
        checks = self._with(exercise.check_grade_id)
        self.checks.update(checks)
        self.solution_cells.update(dict.fromkeys(solutions, exercise.id))
        # A copied cell copies its metadata, so there may be several of either.
        places = set(checks) or {
            index for index, cell in enumerate(self.cells) if cell.code and _calls_check(cell, exercise.id)
        }
        if solutions and max(solutions) > max(places, default=-1):
            places.add(max(solutions))
        for index in sorted(places):
            self.judged_after.setdefault(index, []).append(exercise.id)
        if not places:
            self.judged_last.append(exercise.id)
            self.absent.add(exercise.id)

    def _with(self, grade_id: str) -> list[int]:
        return [n for n, cell in enumerate(self.cells) if cell.code and cell.grade_id == grade_id]


class _Grading:
    """One notebook being graded."""

    def __init__(
        self,
        cells: list[_Cell],
        lesson: catalog.Lesson,
        settings: Settings,
        cell_timeout: float,
        start_services: bool,
        say: Say,
    ) -> None:
        self.remarks: list[str] = []
        self.kernel_problem: str | None = None
        self._plan = _Plan(cells, lesson)
        self._lesson = lesson
        self._settings = settings
        self._cell_timeout = cell_timeout
        self._say = say
        self._revivals = _REVIVALS if start_services else 0
        self._found: dict[str, tuple[Result, str]] = {}
        self._cell_notes: dict[str, str] = {}

    async def grade(self) -> list[GradedExercise]:
        with tempfile.TemporaryDirectory(prefix="workshop-grade-", ignore_cleanup_errors=True) as made:
            root = Path(made)
            work = root / "work"
            work.mkdir()
            self._make_packages(work)
            kernel = Kernel(work, root / "kernel", self._settings, _first_cell(self._lesson))
            try:
                await kernel.start()
                await self._run(kernel, work)
            except (KernelProblem, _NoServices) as error:
                self.kernel_problem = " ".join(str(error).split())
            finally:
                await kernel.close()
        return [self._graded(exercise) for exercise in self._lesson.exercises]

    async def _run(self, kernel: Kernel, work: Path) -> None:
        for index, cell in enumerate(self._plan.cells):
            if cell.code and cell.source.strip() and index not in self._plan.checks:
                ended = await kernel.run(cell.source, self._cell_timeout)
                if trouble := TROUBLE.get(ended):
                    self._remark(index, trouble.format(seconds=f"{self._cell_timeout:g}"))
                self._revive(kernel, f"cell {index + 1}")
            for exercise_id in self._plan.judged_after.get(index, ()):
                await self._judge_and_mend(exercise_id, work, kernel)
        for exercise_id in self._plan.judged_last:
            await self._judge_and_mend(exercise_id, work, kernel)

    async def _judge_and_mend(self, exercise_id: str, work: Path, kernel: Kernel) -> None:
        await self._judge(exercise_id, work)
        if self._revive(kernel, f"the check of {exercise_id}") and self._found[exercise_id][0] != "passed":
            # It may have ended under the check, which is then not the learner's result.
            await self._judge(exercise_id, work)

    def _revive(self, kernel: Kernel, after: str) -> bool:
        """Start again what a cell or a learner's file has ended of the services; tell whether that was so."""
        if self._is_well(kernel) or not self._revivals:
            return False
        self._revivals -= 1
        _start_services(self._settings)
        kernel.practise()
        self.remarks.append(f"After {after} a service of the course had ended; it was started again.")
        return True

    def _is_well(self, kernel: Kernel) -> bool:
        from workshop.lab import services

        if not all(services.status(self._settings).values()):
            return False
        try:
            # Also when nothing has ended: a cell may have ended the gateway and started another.
            kernel.practise()
        except KernelProblem:
            return False
        return True

    async def _judge(self, exercise_id: str, work: Path) -> None:
        if exercise_id in self._found and self._found[exercise_id][0] == "passed":
            return
        try:
            outcome = await evaluate(exercise_id, work, self._settings)
        except UnknownExercise as error:
            self._found[exercise_id] = ("course problem", str(error))
            return
        result, note = _RESULTS[outcome.kind], outcome.note()
        if exercise_id in self._plan.absent and result == "not attempted":
            result, note = "missing", "its cells are not in the notebook"
        self._say(f"  {exercise_id}: {result}")
        self._found[exercise_id] = (result, note)

    def _graded(self, exercise: catalog.Exercise) -> GradedExercise:
        result, note = self._found.get(exercise.id, ("course problem", self.kernel_problem or "not judged"))
        if result != "passed" and (said := self._cell_notes.get(exercise.id)):
            note = f"{note}; {said}"
        return GradedExercise(
            id=exercise.id,
            title=exercise.title,
            points=exercise.points,
            earned=exercise.points if result == "passed" else 0,
            result=result,
            note=note,
        )

    def _remark(self, index: int, trouble: str) -> None:
        self.remarks.append(f"Cell {index + 1} {trouble}.")
        if exercise_id := self._plan.solution_cells.get(index):
            self._cell_notes[exercise_id] = f"its cell {trouble}"

    def _make_packages(self, work: Path) -> None:
        # lab.start() makes these too; a notebook without that cell is still scored by its other cells.
        from workshop.lab.session import make_package

        for exercise in self._lesson.exercises:
            folder = Path(exercise.file or "").parent.as_posix()
            if re.fullmatch(r"my(/\w+)+", folder):
                make_package(work / "my", folder.removeprefix("my/"))


def _first_cell(lesson: catalog.Lesson) -> str:
    """The lesson's own first cell of code: what a restarted kernel needs again."""
    return next((cell.source for cell in _read(lesson.file) if cell.code), "")


__all__ = [
    "CELL_TIMEOUT",
    "GradeReport",
    "GradedExercise",
    "exit_code",
    "grade_notebooks",
    "render_table",
    "to_json",
]
