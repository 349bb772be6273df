"""How a lesson is laid out: its opening, its headings, its minutes, its end, its slides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workshop.authoring.outline import BEGINS, SLIDE_TYPES, inherited, said
from workshop.authoring.page import Page, Problem, prose
from workshop.catalog import EXERCISE_HEADING, LESSON_HEADING, LESSON_MINUTES, stated_core_minutes

QUESTIONS = (5, 8)


def opening(page: Page) -> Iterator[Problem]:
    """The first cell names the lesson and says how long it takes."""
    first = page.cells[0] if page.cells else None
    if first is None or first.cell_type != "markdown":
        yield page.problem(0, "the lesson does not open with text", "begin with a markdown cell")
        return
    heading = LESSON_HEADING.search(first.source)
    if not heading:
        yield page.problem(0, "the lesson has no number and title", 'write "# 1 · Title" on its first line')
    elif not re.match(rf"0*{heading['number']}_[a-z0-9_]+\.ipynb$", page.path.name):
        yield page.problem(
            0,
            f"lesson {heading['number']} is in {page.path.name}",
            f"name it {int(heading['number']):02}_name.ipynb",
        )
    if not LESSON_MINUTES.search(first.source):
        yield page.problem(0, "the lesson does not say how long it takes", 'write "about 40 minutes"')
    if stated_core_minutes(first.source) is None:
        yield page.problem(
            0, "the lesson does not say how long its core takes", 'write "15 for the core exercises"'
        )


def minutes(page: Page) -> Iterator[Problem]:
    """The exercises fit into the minutes that the first cell states."""
    if not page.cells:
        return
    spent = {"core": 0, "full": 0, "bonus": 0}
    for _, line in page.exercise_headings():
        if match := EXERCISE_HEADING.match(line):
            spent[match["path"]] += int(match["minutes"])
    total = LESSON_MINUTES.search(page.cells[0].source)
    if total and sum(spent.values()) > int(total[1]):
        yield page.problem(
            0,
            f"the exercises take {sum(spent.values())} minutes, the lesson says {total[1]}",
            "change the one or the other",
        )
    core = stated_core_minutes(page.cells[0].source)
    if core is not None and spent["core"] != core:
        yield page.problem(
            0,
            f"the core exercises take {spent['core']} minutes, the lesson says {core}",
            "change the one or the other",
        )


def headings(page: Page) -> Iterator[Problem]:
    """One heading of the first level, and no level left out on the way down."""
    previous = 0
    for cell, level, words in page.headings():
        if level == 1 and previous:
            yield page.problem(cell, f'"{words}" is a second heading of level 1', "make it level 2")
        elif level > previous + 1:
            yield page.problem(
                cell, f'"{words}" jumps from level {previous} to {level}', f"make it level {previous + 1}"
            )
        previous = level


def closing(page: Page) -> Iterator[Problem]:
    """The lesson ends with what was proved, questions, and where to read on."""
    titles = [words.lower() for _, level, words in page.headings() if level == 2]
    for wanted, example in (("proved", "What you proved"), ("read on", "Where to read on")):
        if not any(wanted in title for title in titles):
            yield page.problem(None, f'no heading says "{wanted}"', f'end with a part "## {example}"')
    section = ""
    asked = 0
    last = None
    for n, cell in page.markdown():
        for line in prose(cell.source):
            if line.startswith("## "):
                section = line[3:].lower()
            if "question" in section:
                asked += len(re.findall(r"<details\b", line))
                last = n
        if cell.source.count("<details") != cell.source.count("</details>"):
            yield page.problem(n, "<details> and </details> do not pair", "close each one")
        if len(re.findall(r"<details\b", cell.source)) != cell.source.count("</summary>"):
            yield page.problem(
                n, "a <details> has no <summary>", "put the question into <summary>...</summary>"
            )
    fewest, most = QUESTIONS
    if not fewest <= asked <= most:
        yield page.problem(
            last,
            f'the part "Questions" holds {asked} questions in <details>',
            f"ask {fewest} to {most}, each with its answer inside",
        )


def first_code(page: Page) -> Iterator[Problem]:
    """The first code cell starts the lab."""
    for n, cell in page.code():
        if "lab.start(" not in cell.source:
            yield page.problem(n, "the first code cell does not start the lab", "call lab.start(...) in it")
        return


def slides(page: Page) -> Iterator[Problem]:
    """What a cell says of its place on the slides is known, is an exception, and hides no exercise."""
    exercise_cells = {n for n, _ in page.exercise_headings()}
    for n, cell in enumerate(page.cells):
        own = said(cell)
        if own is None:
            continue
        if own not in SLIDE_TYPES:
            yield page.problem(n, f"{own!r} is no slide type", f"write one of {', '.join(SLIDE_TYPES)}")
        elif n == 0 and own != "slide":
            yield page.problem(n, "the lesson's title does not begin a slide", "take its slide type away")
        elif n in exercise_cells and own not in BEGINS:
            yield page.problem(n, "an exercise does not begin a slide", "take its slide type away")
        elif own == inherited(page.cells, n):
            yield page.problem(n, f"says that it is {own}, which it is anyway", "take its slide type away")


__all__ = ["QUESTIONS", "closing", "first_code", "headings", "minutes", "opening", "slides"]
