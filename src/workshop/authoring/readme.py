"""The README's tables of lessons and paths, made from the lessons.

They stand between ``<!-- lessons -->`` and ``<!-- /lessons -->``, and the same with ``paths``.
What a reader will have seen in a lesson is written by hand, in the last column of its row, and kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workshop.catalog import Lesson
from workshop.paths import CoursePath, exercises_on, minutes_of

TO_WRITE = "(say here what one will have seen)"

_NAMES = {
    CoursePath.NINETY_MINUTES: "90 minutes",
    CoursePath.HALF_DAY: "half a day",
    CoursePath.ONE_DAY: "one day",
    CoursePath.ALL: "all",
}


def refreshed(readme: str, lessons: Sequence[Lesson]) -> str:
    """The README with its tables as the lessons have it.

    Raises:
        ValueError: a pair of markers is missing.
    """
    readme = _between(readme, "lessons", lambda old: _lessons_table(old, lessons))
    return _between(readme, "paths", lambda _: _paths_table(lessons))


def _between(readme: str, name: str, make: Callable[[str], str]) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = readme.partition(begin)
    old, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"README.md has no {begin.strip()} ... {end}")
    return f"{before}{begin}{make(old)}{end}{after}"


def _lessons_table(old: str, lessons: Sequence[Lesson]) -> str:
    kept = {
        match["number"]: match["seen"]
        for match in re.finditer(r"^\| (?P<number>\d+) \|.*\| (?P<seen>[^|]+) \|$", old, re.MULTILINE)
    }
    rows = [
        f"| {one.number} | [{one.title}](notebooks/{one.name}.ipynb) | {one.minutes} | {one.core_minutes or ''} "
        f"| {kept.get(str(one.number), TO_WRITE)} |\n"
        for one in lessons
    ]
    head = "| # | Lesson | Minutes | Core | What you will have seen |\n"
    head += "|---|--------|---------|------|-------------------------|\n"
    return head + "".join(rows)


def _paths_table(lessons: Sequence[Lesson]) -> str:
    numbers = [one.number for one in lessons]
    head = f"| Path | {' | '.join(f'Lesson {number}' for number in numbers)} | Exercises | Minutes |\n"
    rule = "|---|" + "---|" * (len(numbers) + 2) + "\n"
    rows = []
    for path, name in _NAMES.items():
        taken = [exercises_on(path, one) for one in lessons]
        cells = [f"{len(some)} in {minutes_of(some)} min" if some else "" for some in taken]
        every = [one for some in taken for one in some]
        rows.append(f"| {name} (`{path}`) | {' | '.join(cells)} | {len(every)} | {minutes_of(every)} |\n")
    return head + rule + "".join(rows)


__all__ = ["TO_WRITE", "refreshed"]
