"""Rows while their end is not known yet: the columns that they stand in, and the attempts that make them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.enums.v1 import TimeoutType
from temporalio.api.history.v1 import HistoryEvent

from workshop.runs.events import cause_of, innermost, is_timeout, seconds_of, timeout_words
from workshop.runs.story import Kind, Place, Row, SeenAttempt, Segment, State

_MOST_SINGLE = 8
"""Attempts drawn one by one; those before are drawn together."""


@dataclass(slots=True)
class OpenRow:
    """A row while its end is not known yet.

    Attributes:
        start: Where it begins.
        of: The activity's type where the name is a summary; empty otherwise.
        limits: What an activity was scheduled with, for its timeouts.
        attempt: The attempt that is under way, from 1.
        attempt_start: Where that begins; None where the row does.
        last_cause: Why workflow code failed last.
        worker: Which worker has it, from 1; None if the history does not say.
        segments: The attempts before this one.
    """

    kind: Kind
    name: str
    start: Place
    of: str = ""
    activity_id: str = ""
    limits: Any = None
    attempt: int = 1
    attempt_start: Place | None = None
    last_cause: str = ""
    worker: int | None = None
    segments: list[Segment] = field(default_factory=list)


class Rows:
    """The rows of a run, as its events are told in order.

    Attributes:
        began: When the run started, in seconds since 1970.
        column: The last column in use.
        open: The rows whose end is not known yet, by the id of the event that opened them.
    """

    def __init__(self, began: float, seen: Mapping[str, Sequence[SeenAttempt]]) -> None:
        """Begin with none.

        Args:
            began: When the run started, in seconds since 1970.
            seen: Attempts seen while the run went on, by activity id.
        """
        self.began = began
        self.column = 0
        self.open: dict[int, OpenRow] = {}
        self._seen = seen
        self._category = "start"
        self._ended = 0  # the column where something ended last
        self._closed: list[tuple[int, Row]] = []

    @property
    def closed(self) -> tuple[Row, ...]:
        """The rows whose end is known, in the order in which they were opened."""
        return tuple(row for _, row in sorted(self._closed, key=lambda entry: entry[0]))

    def at(self, event: HistoryEvent, category: str) -> Place:
        """The place of an event. Neighbours that begin, or end, at one step of the workflow share a column.

        So the order in which parallel activities happen to end does not change a stored picture.
        """
        if category != self._category or category not in ("open", "close"):
            self.column += 1
        self._category = category
        return Place(self.column, max(0.0, seconds_of(event.event_time) - self.began))

    def at_end(self, event: HistoryEvent, row: OpenRow) -> Place:
        """The place where an activity or the like ends.

        Of several that work side by side, each may be followed by a next one. Those next ones share a column then,
        as their predecessors' ends do, in whichever order the workflow came to hear of these.
        """
        begun_before = (row.attempt_start or row.start).column < self._ended
        if self._category == "open" and begun_before and self._ended == self.column - 1:
            return Place(self._ended, max(0.0, seconds_of(event.event_time) - self.began))
        place = self.at(event, "close")
        self._ended = self.column
        return place

    def begin(self, event: HistoryEvent, row: OpenRow) -> None:
        """Open a row."""
        self.open[event.event_id] = row

    def finish(
        self, opened: int, event: HistoryEvent, state: State, words: str = "", cause: str = ""
    ) -> None:
        """End the row that this event opened; one that was never opened is left out."""
        row = self.open.pop(opened, None)
        if row is None:
            return
        self.close(opened, row, self.at_end(event, row), state, words or state, cause)

    def close(self, opened: int, row: OpenRow, end: Place, state: State, words: str, cause: str = "") -> None:
        """End a row at this place, with one more segment."""
        counted = row.attempt > 1
        start = row.attempt_start or row.start
        if start.column >= end.column:
            end = Place(start.column + 1, end.seconds)
            self.column = max(self.column, end.column)
        row.segments.append(
            Segment(
                start=start,
                end=end,
                state=state,
                words=words,
                first=row.attempt if counted else 0,
                last=row.attempt if counted else 0,
                cause=cause,
                worker=row.worker,
            )
        )
        self._closed.append((opened, Row(row.kind, row.name, tuple(row.segments), of=row.of)))

    def mark(
        self, event: HistoryEvent, kind: Kind, name: str, words: str, state: State = "completed"
    ) -> None:
        """Add a row that has no length."""
        place = self.at(event, "mark")
        self._closed.append(
            (event.event_id, Row(kind, name, (Segment(place, place, state, words),), instant=True))
        )

    def add_earlier_attempts(self, row: OpenRow, here: Place, attempt: int, failure: Any) -> None:
        """Put the attempts before this one on the row."""
        timed_out = is_timeout(failure)
        cause = activity_cause(row, failure)
        state: State = "timed out" if timed_out else "failed"
        known = self._known_attempts(row, attempt)
        unknown = attempt - 1 - len(known)
        if unknown:
            begins = [begun for one in known[:1] if (begun := one.started or one.ended) is not None]
            end = Place(here.column, begins[0]) if begins else here
            row.segments.append(
                Segment(row.start, end, state, state, 1, unknown, known[0].cause if known else cause)
            )
        for one in known:
            ended = one.ended if one.ended is not None else here.seconds
            began = one.started if one.started is not None else ended
            limit = seconds_of(row.limits.start_to_close_timeout)
            if timed_out and limit:
                ended = min(ended, began + limit)
            places = Place(row.start.column, began), Place(here.column, ended)
            row.segments.append(Segment(*places, state, state, one.number, one.number, one.cause or cause))
        row.attempt, row.attempt_start = attempt, here

    def _known_attempts(self, row: OpenRow, before: int) -> list[SeenAttempt]:
        """The attempts that were seen, without a gap up to the one before this number; the last few."""
        seen = {one.number: one for one in self._seen.get(row.activity_id, ())}
        known: list[SeenAttempt] = []
        for number in range(before - 1, max(0, before - 1 - _MOST_SINGLE), -1):
            if number not in seen:
                break
            known.insert(0, seen[number])
        return known


def activity_cause(row: OpenRow, failure: Any) -> str:
    """Why an activity failed; of a timeout, which one it was and how long."""
    if not is_timeout(failure):
        return cause_of(failure)
    kind = innermost(failure).timeout_failure_info.timeout_type
    limits = {
        TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE: row.limits.start_to_close_timeout,
        TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START: row.limits.schedule_to_start_timeout,
        TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE: row.limits.schedule_to_close_timeout,
        TimeoutType.TIMEOUT_TYPE_HEARTBEAT: row.limits.heartbeat_timeout,
    }
    return timeout_words(kind, seconds_of(limits[kind]) if kind in limits else 0.0)


__all__ = ["OpenRow", "Rows", "activity_cause"]
