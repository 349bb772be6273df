"""Reads the instructor's notes, ``instructor/NN_name.md``: one file per lesson, in one mould.

What the mould demands is written down in ``test_instructor.py``; here it is only taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop import settings
from workshop.catalog import Lesson, lessons

LEFT_OUT = "..."
"""A line of a quoted message that stands for lines which differ from run to run."""

_ROW = re.compile(r"^\| (?P<start>\d+)-(?P<end>\d+) \| (?P<what>\S.*?) \|(?: (?P<exercise>.*?))? ?\|$")
_EXERCISE = re.compile(r"^(?P<id>\d+\.\d+) \((?P<minutes>\d+) min\)$")
_ANSWER = re.compile(r"^<!-- answer: (\S+) -->$")
_MY_FILE = re.compile(r"\bmy/[\w/]+\.py\b")


@dataclass(frozen=True)
class Slot:
    """A row of the run of show, in minutes from the beginning."""

    start: int
    end: int
    exercise: str
    """What its last column says; empty where nobody works on an exercise."""

    @property
    def exercise_id(self) -> str:
        """The exercise of this row, such as ``3.2``; empty if it has none."""
        found = _EXERCISE.match(self.exercise)
        return found["id"] if found else ""

    @property
    def exercise_minutes(self) -> int:
        """The minutes that the row gives its exercise; 0 if it has none."""
        found = _EXERCISE.match(self.exercise)
        return int(found["minutes"]) if found else 0


@dataclass(frozen=True)
class Mistake:
    """One of the mistakes to expect."""

    title: str
    answer: str
    """The answer file that makes it, from the root of the repository."""
    message: tuple[str, ...]
    """What the check says, line by line."""
    text: str

    @property
    def quoted(self) -> tuple[str, ...]:
        """The lines of the message that are the same in each run."""
        return tuple(line for line in self.message if line != LEFT_OUT)


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next heading of its level or above."""

    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)

    def below(self, level: int) -> tuple[Section, ...]:
        """Its parts: a heading of this level begins one."""
        return tuple(_sections(self.lines, level))

    def fences(self, language: str) -> tuple[tuple[str, ...], ...]:
        """The lines of each fenced block in this language."""
        found: list[tuple[str, ...]] = []
        opened = ""
        inside: list[str] = []
        for line in self.lines:
            if line.lstrip().startswith("```"):
                if opened == language:
                    found.append(tuple(inside))
                opened = "" if opened else line.strip().removeprefix("```") or "plain"
                inside = []
            else:
                inside.append(line)
        return tuple(found)


@dataclass(frozen=True)
class Notes:
    """The notes for one lesson."""

    path: Path
    title: str
    opening: str
    parts: tuple[Section, ...]

    def part(self, title: str) -> Section:
        """The part with this heading.

        Raises:
            LookupError: there is none.
        """
        for part in self.parts:
            if part.title == title:
                return part
        raise LookupError(f"{self.path.name} has no part {title!r}")

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The rows of the run of show."""
        rows = (_ROW.match(line) for line in self.part("Run of show").lines)
        return tuple(
            Slot(int(row["start"]), int(row["end"]), (row["exercise"] or "").strip()) for row in rows if row
        )

    @property
    def exercises(self) -> tuple[Section, ...]:
        """What to say about each exercise."""
        return self.part("Exercise by exercise").below(3)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes to expect."""
        return tuple(_mistake(one) for one in self.part("Five mistakes you will see").below(3))

    @property
    def demo_files(self) -> frozenset[str]:
        """The learner's files that the demo script names."""
        return frozenset(_MY_FILE.findall(self.part("Demo script").text))


def notes_file(lesson: Lesson) -> Path:
    """Where the notes for this lesson are to stand."""
    return settings.load().root / "instructor" / f"{lesson.name}.md"


def read(path: Path) -> Notes:
    """Read one file of notes.

    Raises:
        OSError: it cannot be read.
        ValueError: it does not begin with a heading.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    whole = list(_sections(lines, 1))
    if len(whole) != 1 or not lines[0].startswith("# "):
        raise ValueError(f"{path.name} must begin with its one heading of the first level")
    parts = whole[0].below(2)
    opening = "\n".join(whole[0].lines).partition("\n## ")[0].strip()
    return Notes(path, whole[0].title, opening, parts)


def quotes() -> dict[str, list[Mistake]]:
    """The mistakes that any of the notes describe, by the answer file that makes them."""
    found: dict[str, list[Mistake]] = {}
    for lesson in lessons():
        path = notes_file(lesson)
        for mistake in read(path).mistakes if path.exists() else ():
            found.setdefault(mistake.answer, []).append(mistake)
    return found


def _mistake(section: Section) -> Mistake:
    answer = _ANSWER.match(section.lines[0]) if section.lines else None
    blocks = section.fences("text")
    return Mistake(
        title=section.title,
        answer=answer[1] if answer else "",
        message=blocks[0] if blocks else (),
        text=section.text,
    )


def _sections(lines: list[str] | tuple[str, ...], level: int) -> Iterator[Section]:
    title: str | None = None
    below: list[str] = []
    fenced = False
    for line in lines:
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if not fenced and line.startswith("#" * level + " "):
            if title is not None:
                yield Section(title, tuple(below))
            title, below = line.removeprefix("#" * level + " ").strip(), []
        else:
            below.append(line)
    if title is not None:
        yield Section(title, tuple(below))
