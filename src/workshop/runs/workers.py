"""Which workers have taken part in a run, and which of them took over from which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent

from workshop.runs.events import attributes, event_name


class Workers:
    """The workers of a run, asked event by event, in order.

    Attributes:
        relievers: How many have taken over from another one.
    """

    def __init__(self, events: Sequence[HistoryEvent]) -> None:
        self._signs = _signs(events)
        self._numbers = worker_numbers(events)
        self._silent = self._find_silent(events)
        self._holder = ""  # the worker that had the latest workflow task
        self._relieved: set[str] = set()
        self.relievers = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, identity: str) -> int | None:
        """A worker's number, from 1 in the order of appearance; None if it was not heard of."""
        return self._numbers.get(identity)

    def handover(self, event: HistoryEvent, identity: str) -> str:
        """What to write where a worker is first heard of after the one that had the workflow was last heard of.

        Workers that run side by side are heard of in turn, and nobody takes over: then it is empty.

        Args:
            event: Something that this worker has started.
            identity: The worker.
        """
        first, _ = self._signs[identity]
        holder = self._holder
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            self._holder = identity
        if (
            event.event_id != first
            or not holder
            or holder in self._relieved
            or self._signs[holder][1] > first
        ):
            return ""
        self._relieved.add(holder)
        self.relievers += 1
        # How it went the history does not say: a worker that was stopped and one that was killed look alike,
        # but for a timed-out task, which is there or not as the moments happen to fall.
        return f"worker {self._numbers[holder]} gone, worker {self._numbers[identity]} took over"

    def silences(self, event: HistoryEvent) -> list[str]:
        """What to write where a task timed out: which workers did not take it, and were not heard of again."""
        told = []
        for identity, event_id in list(self._silent.items()):
            # Where a newcomer follows, both are told at one place: where the newcomer begins.
            newcomer = any(first > self._signs[identity][1] for first, _ in self._signs.values())
            if event_id == event.event_id and not newcomer:
                del self._silent[identity]
                told.append(f"worker {self._numbers[identity]} stopped answering")
        return told

    def _find_silent(self, events: Iterable[HistoryEvent]) -> dict[str, int]:
        """Which workers did not take a task kept for them, and were not heard of again; the event's id of each."""
        silent: dict[str, int] = {}
        last_started = ""
        for event in events:
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                last_started = attributes(event).identity or last_started
            elif (
                event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
                and last_started in self._signs
                and self._signs[last_started][1] < event.event_id
            ):
                silent.setdefault(last_started, event.event_id)
        return silent


def worker_numbers(events: Iterable[HistoryEvent]) -> dict[str, int]:
    """Numbers for the workers, from 1, in the order in which they were first heard of."""
    return {identity: n for n, identity in enumerate(_signs(events), start=1)}


def _is_reset(event: HistoryEvent) -> bool:
    # Written by the server itself, which gives an identity of its own.
    reset = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW
    return event.workflow_task_failed_event_attributes.cause == reset


def _signs(events: Iterable[HistoryEvent]) -> dict[str, tuple[int, int]]:
    """The first and the last event in which each worker was heard of, by identity."""
    found: dict[str, tuple[int, int]] = {}
    for event in events:
        name = event_name(event)
        if not name.startswith(("WorkflowTask", "ActivityTask")) or _is_reset(event):
            continue
        identity = getattr(attributes(event), "identity", "")
        if identity and not name.endswith(("Scheduled", "TimedOut")):
            first, _ = found.get(identity, (event.event_id, 0))
            found[identity] = (first, event.event_id)
    return found


__all__ = ["Workers", "worker_numbers"]
