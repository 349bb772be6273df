"""What makes an exercise: four cells in order, a few lines to write, a check that is registered with its hints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from workshop.authoring.page import Page, Problem, Rule, grader, output_texts
from workshop.catalog import (
    BEGIN_SOLUTION,
    END_SOLUTION,
    EXERCISE_HEADING,
    PLACEHOLDER,
    WRITEFILE,
    grade_ids,
)
from workshop.checks.exercise import PACKAGE, module_of

SOLUTION_LINES = (3, 12)
MOST_BULLETS = 3
HINTS = 3


class RegisteredCheck(Protocol):
    """What the lint needs to know of a registered check."""

    @property
    def hints(self) -> tuple[str, ...]:
        """The ladder of hints."""

    @property
    def proves(self) -> str:
        """The sentence shown after a pass."""


FindCheck = Callable[[str], RegisteredCheck | None]


def exercises(page: Page) -> Iterator[Problem]:
    """Each exercise is its four cells in order, and they are numbered from 1."""
    lesson = page.lesson_number
    expected = 0
    members: set[int] = set()
    for n, line in page.exercise_headings():
        expected += 1
        members.update(range(n, n + 4))
        match = EXERCISE_HEADING.match(line)
        if not match:
            yield page.problem(
                n,
                f'"{line}" is not the heading of an exercise',
                'write "### Exercise 1.2: Title · 5 min · difficulty 2/5 · core"',
            )
            continue
        name = f"{match['lesson']}.{match['number']}"
        if lesson is not None and name != f"{lesson}.{expected}":
            yield page.problem(
                n, f"exercise {name} stands where {lesson}.{expected} belongs", "number them in order"
            )
        yield from _task(page, n)
        yield from _solution_cell(page, n + 1, name)
        yield from _check_cell(page, n + 2, name)
        yield from _hint_cell(page, n + 3, name)
    yield from _strays(page, members)


def _task(page: Page, n: int) -> Iterator[Problem]:
    body = page.cells[n].source.split("\n")[1:]
    bullets = sum(bool(re.match(r"\s*[-*+] ", line)) for line in body)
    if bullets > MOST_BULLETS:
        yield page.problem(n, f"the task has {bullets} bullets", f"keep at most {MOST_BULLETS}")
    if any(re.match(r"\s*\d+[.)] ", line) for line in body):
        yield page.problem(n, "the task is a numbered list", "one exercise, one task: split it")
    if not any(line.strip() and not re.match(r"\s*[-*+#] ", line) for line in body):
        yield page.problem(n, "the heading cell sets no task", "say in a sentence what to do")


def _solution_cell(page: Page, n: int, name: str) -> Iterator[Problem]:
    grade_id = grade_ids(name)[0]
    cell = page.cells[n] if n < len(page.cells) else None
    if cell is None or cell.cell_type != "code" or grader(cell).get("grade_id") != grade_id:
        yield page.problem(
            n,
            f"the solution cell of {name} is not here",
            f"put a code cell with the nbgrader id {grade_id} below the heading",
        )
        return
    meta = grader(cell)
    if (meta.get("solution"), meta.get("grade"), meta.get("locked"), meta.get("task")) != (
        True,
        False,
        False,
        False,
    ):
        yield page.problem(
            n,
            f"{grade_id} is not marked as a plain solution cell",
            "nbgrader: solution true; grade, locked and task false",
        )
    inside = False
    pairs = written = 0
    for line in cell.source.split("\n"):
        mark = line.strip()
        if mark == BEGIN_SOLUTION and not inside:
            inside, pairs = True, pairs + 1
        elif mark == END_SOLUTION and inside:
            inside = False
        elif BEGIN_SOLUTION in line or END_SOLUTION in line:
            yield page.problem(
                n, f'the marker "{mark}" is out of place', "put each marker on its own line, in pairs"
            )
        elif inside and mark:
            written += 1
    if inside or not pairs:
        yield page.problem(
            n,
            f"{grade_id} has no complete solution",
            f'enclose it in "{BEGIN_SOLUTION}" and "{END_SOLUTION}"',
        )
    fewest, most = SOLUTION_LINES
    if not fewest <= written <= most:
        yield page.problem(
            n,
            f"the solution of {name} has {written} lines",
            f"leave the learner {fewest} to {most} lines to write",
        )
    if PLACEHOLDER in cell.source:
        yield page.problem(n, "a placeholder is left in the solution", "write the solution out")


def _check_cell(page: Page, n: int, name: str) -> Iterator[Problem]:
    grade_id = grade_ids(name)[1]
    cell = page.cells[n] if n < len(page.cells) else None
    if cell is None or cell.cell_type != "code" or grader(cell).get("grade_id") != grade_id:
        yield page.problem(
            n,
            f"the check cell of {name} is not here",
            f"put a code cell with the nbgrader id {grade_id} below the solution",
        )
        return
    if cell.source.strip() != f'await check("{name}")':
        yield page.problem(n, f"{grade_id} does more than check", f'write only: await check("{name}")')
    meta = grader(cell)
    if (meta.get("grade"), meta.get("locked"), meta.get("solution"), meta.get("task")) != (
        True,
        True,
        False,
        False,
    ):
        yield page.problem(
            n,
            f"{grade_id} is not marked as a graded, locked cell",
            "nbgrader: grade and locked true; solution and task false",
        )
    points = meta.get("points")
    if not isinstance(points, int) or isinstance(points, bool) or points < 1:
        yield page.problem(n, f"{grade_id} is worth {points!r} points", "make it a whole number from 1")
    if "raises-exception" not in cell.metadata.get("tags", []):
        yield page.problem(n, f"{grade_id} would stop Run All", 'give it the tag "raises-exception"')
    printed = "".join(text for kind, text in output_texts(cell) if kind == "stdout")
    if "PASSED" not in printed:
        yield page.problem(n, f"the stored output of {grade_id} does not say PASSED", "run: execute")


def _hint_cell(page: Page, n: int, name: str) -> Iterator[Problem]:
    cell = page.cells[n] if n < len(page.cells) else None
    if cell is None or cell.cell_type != "markdown" or f'hint("{name}")' not in cell.source:
        yield page.problem(
            n,
            f"no line names the hint of {name}",
            f'put a markdown cell with `hint("{name}")` below the check',
        )


def _strays(page: Page, members: set[int]) -> Iterator[Problem]:
    for n, cell in enumerate(page.cells):
        if n in members:
            continue
        if grader(cell):
            yield page.problem(n, "nbgrader metadata outside an exercise", "take it away")
        if BEGIN_SOLUTION in cell.source or END_SOLUTION in cell.source:
            yield page.problem(n, "a solution marker outside an exercise", "take it away")
        if cell.cell_type == "code" and re.search(r"\bcheck\(", cell.source):
            yield page.problem(n, "a check outside an exercise", "move it into a check cell")
    for n, cell in page.code():
        if "raises-exception" in cell.metadata.get("tags", []) and not grader(cell).get("grade"):
            yield page.problem(
                n, "raises-exception hides what goes wrong here", "catch the exception and print it instead"
            )


def registered(find: FindCheck) -> Rule:
    """Each exercise has a check with three hints and a sentence on what it proves."""

    def rule(page: Page) -> Iterator[Problem]:
        for n, line in page.exercise_headings():
            match = EXERCISE_HEADING.match(line)
            if not match:
                continue
            name = f"{match['lesson']}.{match['number']}"
            writes = WRITEFILE.match(page.cells[n + 1].source) if n + 1 < len(page.cells) else None
            module = module_of(writes[1]) if writes else PACKAGE
            check = find(name)
            if check is None:
                yield page.problem(n, f"no check of {name} is registered", f"add it to {module}")
                continue
            if len(check.hints) != HINTS or not all(hint.strip() for hint in check.hints):
                yield page.problem(
                    n,
                    f"the ladder of {name} has {len(check.hints)} hints",
                    f"in {module}: a question, the API with a link, nearly the code",
                )
            elif "://" not in check.hints[1]:
                yield page.problem(
                    n, f"the second hint of {name} has no link", f"in {module}: link the documentation"
                )
            if not re.search(r"[.!]\s*$", check.proves):
                yield page.problem(
                    n, f"what {name} proves is not a sentence", f'in {module}: proves="..." with a full stop'
                )

    return rule


__all__ = [
    "HINTS",
    "MOST_BULLETS",
    "SOLUTION_LINES",
    "FindCheck",
    "RegisteredCheck",
    "exercises",
    "registered",
]
