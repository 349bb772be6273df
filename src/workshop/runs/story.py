"""A workflow run as a person would tell it: rows, attempts, lines, and the words for them. No input or output.

Only what the history shows is told (and, of what is still pending, what the server's description shows). It
does not say who ran an attempt that nobody answered, nor why an attempt before the last one failed; so
neither does this.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

State = Literal["completed", "failed", "timed out", "cancelled", "running", "waiting"]
Kind = Literal["activity", "timer", "child", "signal", "update", "cancel", "code", "other"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is on the picture.

    Attributes:
        column: By the order of events: 0, 1, 2 and so on.
        seconds: Since the workflow started.
    """

    column: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One attempt, or several that ended alike and of which the history does not tell more.

    Attributes:
        first: The first attempt's number, from 1; 0 where attempts are not counted.
        last: The last one's.
        words: What is written on it, such as ``failed``.
        cause: Why it failed; empty if it did not.
        worker: Which worker, from 1 in the order of appearance; None if the history does not say.
    """

    start: Place
    end: Place
    state: State
    words: str
    first: int = 0
    last: int = 0
    cause: str = ""
    worker: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One activity, timer, child workflow, signal, update or cancel request, or a failure of the code itself.

    Attributes:
        name: What it is called: an activity's summary if it has one, otherwise its type.
        of: The activity's type where the name is a summary; empty otherwise.
        instant: True for what has no length, such as a signal.
    """

    kind: Kind
    name: str
    segments: tuple[Segment, ...]
    of: str = ""
    instant: bool = False

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.segments[0].start

    @property
    def state(self) -> State:
        """How it ended, or what it does now."""
        return self.segments[-1].state

    @property
    def label(self) -> str:
        """Its name, and what it is unless that is an activity."""
        before = {"signal": "signal ", "update": "update ", "child": "child workflow "}.get(self.kind, "")
        return f"{before}{self.name}"


@dataclass(frozen=True, slots=True)
class Line:
    """A moment that concerns all rows: a worker stopped answering, another took over."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A workflow's history, told.

    Attributes:
        workflow: The workflow's type.
        status: In words: ``completed``, ``failed``, ``running`` and so on.
        cause: Why it failed, or what it waits for; may be empty.
        end: The last place on the picture.
        workers: How many workers have taken part.
        side_by_side: True if some of them worked at the same time, rather than one after the other.
        closed: True if nothing more can happen.
        next_run: The run id of the run that goes on where this one ended ("continue as new"); or empty.
    """

    workflow: str
    status: str
    cause: str
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    end: Place
    workers: int
    side_by_side: bool
    closed: bool
    next_run: str = ""

    def text(self) -> str:
        """All of it in plain words, one line for each row; nothing in it differs from run to run."""
        head = f"{self.workflow}: {self.status}" + (f" ({self.cause})" if self.cause else "")
        told: list[tuple[int, int, str]] = []
        for row in self.rows:
            told.append((row.start.column, 1, f"{row_label(row)}: {segments_text(row, self.workers > 1)}"))
        told += [(line.place.column, 0, f"-- {line.text} --") for line in self.lines]
        told.sort(key=lambda entry: entry[:2])
        body, number = [], 0
        for _, is_row, text in told:
            number += is_row
            body.append(f"{number:>3}. {text}" if is_row else f"     {text}")
        return "\n".join([head, *body])


@dataclass(frozen=True, slots=True)
class SeenAttempt:
    """An attempt as it was seen while the run went on; the history itself keeps only the last one.

    Attributes:
        started: Seconds since the workflow started; None if only its end was seen.
        ended: The same; None while it runs.
        cause: Why it failed; empty while it runs.
    """

    number: int
    started: float | None
    ended: float | None
    cause: str = ""


def row_label(row: Row) -> str:
    """The row's name in text, with the activity's type behind a summary."""
    return f"{row.label} ({row.of})" if row.of else row.label


def segments_text(row: Row, name_workers: bool) -> str:
    """What happened to a row, in one line."""
    told: list[str] = []
    for _, alike in groupby(row.segments, key=lambda one: (bool(one.first), one.words, one.cause)):
        group = list(alike)
        if len(group) == 1:
            told.append(segment_text(group[0], name_workers))
        else:
            cause = f": {group[0].cause}" if group[0].cause else ""
            told.append(f"attempts {group[0].first} to {group[-1].last} {group[0].words}{cause}")
    return "; ".join(told)


def segment_text(segment: Segment, name_workers: bool) -> str:
    """One segment in words, such as ``attempts 1 to 2 failed, the last with: Bank is closed``."""
    several = segment.first != segment.last
    if not segment.first:
        text = segment.words
    elif several:
        text = f"attempts {segment.first} to {segment.last} {segment.words}"
    else:
        text = f"attempt {segment.first} {segment.words}"
    if segment.cause:
        text += f", the last with: {segment.cause}" if several else f": {segment.cause}"
    if name_workers and segment.worker is not None:
        text += f" (worker {segment.worker})"
    return text


__all__ = [
    "Kind",
    "Line",
    "Place",
    "Row",
    "SeenAttempt",
    "Segment",
    "State",
    "Story",
    "row_label",
    "segment_text",
    "segments_text",
]
