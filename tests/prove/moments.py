"""What a run's history holds at one moment, and which attempts are under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle

from workshop.runs.events import attributes, event_name, is_timeout

_STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED


@dataclass(frozen=True)
class Moment:
    """What there is at one moment.

    Attributes:
        events: The history as the server tells it.
        held: The activities of which an attempt is under way.
        length: How long the history is. The server may tell two events more: the schedule and the start of a
            workflow task for an update are written only when a worker has answered it, or is lost with it, and are
            told before that. (Speculative workflow tasks: docs/architecture/speculative-workflow-task.md of the
            server's repository.)
    """

    events: list[HistoryEvent]
    held: list[str]
    length: int

    @property
    def written(self) -> list[HistoryEvent]:
        """The events that nothing may change any more."""
        return self.events[: self.length]

    @property
    def names(self) -> list[str]:
        """The names of the events."""
        return [event_name(event) for event in self.events]

    @property
    def scheduled(self) -> list[str]:
        """The activities that have been asked for, in that order."""
        return [_activity(event) for event in self.events if event_name(event) == "ActivityTaskScheduled"]

    @property
    def started(self) -> Counter[str]:
        """How many starts of each activity are in the history, which only has those of attempts that ended it."""
        return self._of("ActivityTaskStarted")

    @property
    def completed(self) -> Counter[str]:
        """How many completions of each activity are in the history."""
        return self._of("ActivityTaskCompleted")

    @property
    def attempts(self) -> list[int]:
        """The number of the attempt that ended each activity, in the order of the history."""
        return [
            attributes(event).attempt for event in self.events if event_name(event) == "ActivityTaskStarted"
        ]

    @property
    def timed_out(self) -> set[int]:
        """Which activities, by number from 0, were tried again because Temporal heard nothing of an attempt."""
        starts = [event for event in self.events if event_name(event) == "ActivityTaskStarted"]
        return {
            i
            for i, event in enumerate(starts)
            if attributes(event).HasField("last_failure") and is_timeout(attributes(event).last_failure)
        }

    @property
    def too_slow(self) -> bool:
        """Whether Temporal gave up a task of a worker that lived: of a run whose workers nobody killed.

        It does when an attempt or a workflow task takes too long, and a worker does by itself when a workflow's code
        gets no processor for two seconds (TMPRL1101). No promise is broken then: all goes on, but in other steps.
        """
        failed = [
            attributes(event).failure for event in self.events if event_name(event) == "WorkflowTaskFailed"
        ]
        deadlocks = [failure for failure in failed if "TMPRL1101" in failure.message]
        return bool(self.timed_out or deadlocks) or "WorkflowTaskTimedOut" in self.names

    @property
    def where(self) -> str:
        """The last event, by number and name; the start of an attempt under way counts, though not written yet."""
        if self.held:
            return f"{len(self.events) + 1} ActivityTaskStarted"
        return f"{len(self.events)} {event_name(self.events[-1])}"

    @property
    def count(self) -> str:
        """How many events there are."""
        return f"{len(self.events)}{' + 1' if self.held else ''}"

    def _of(self, kind: str) -> Counter[str]:
        by_id = {event.event_id: event for event in self.events}
        told = [attributes(event) for event in self.events if event_name(event) == kind]
        return Counter(_activity(by_id[one.scheduled_event_id]) for one in told)


async def moment(handle: WorkflowHandle[Any, Any]) -> Moment:
    """Read what there is now: of a workflow that continues as new, the events of all its runs, one after the other."""
    described = (await handle.describe()).raw_description
    current = described.workflow_execution_info.execution.run_id
    held = [one.activity_type.name for one in described.pending_activities if one.state == _STARTED]
    events: list[HistoryEvent] = []
    run_id = handle.first_execution_run_id or current
    while run_id != current:
        run = handle._client.get_workflow_handle(handle.id, run_id=run_id)
        events += (await run.fetch_history()).events
        run_id = attributes(events[-1]).new_execution_run_id
    before = len(events)
    events += (await handle.fetch_history()).events
    return Moment(events, held, before + described.workflow_execution_info.history_length)


def rewritten(kept: Sequence[HistoryEvent], events: Sequence[HistoryEvent]) -> str:
    """From where on a history differs from what it once held, in words; empty if it does not."""
    for n, one in enumerate(kept):
        if n >= len(events):
            return f"the history was cut: it held {len(kept)} events, and has {len(events)}"
        if events[n] != one:
            now = events[n]
            return (
                f"the history was rewritten from event {one.event_id} of {len(kept)}: it held {event_name(one)} "
                f"({attributes(one)}), and has {event_name(now)} ({attributes(now)})".replace("\n", " ")
            )
    return ""


def _activity(scheduled: HistoryEvent) -> str:
    return str(attributes(scheduled).activity_type.name)
