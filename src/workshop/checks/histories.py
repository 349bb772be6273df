"""What a run's event history tells a check: how it began, and what became of each activity."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from .outcomes import NotYet
from .tracebacks import own_place

if TYPE_CHECKING:
    from temporalio.api.common.v1 import Payload
    from temporalio.api.failure.v1 import Failure
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import WorkflowHandle

Ended = Literal["completed", "failed", "timed out", "cancelled", ""]


@dataclass(frozen=True)
class Start:
    """How a run began, as its history tells it.

    Attributes:
        queue: The task queue it was started in.
        arguments: What it was given, decoded.
        by: Who started it: process id and machine, unless the client has another identity.
        workflow: Its type.
        limit: Seconds after which the server ends it; 0 without a limit.
        attempts: How often the server starts it, if it fails; 0 for any number of times.
    """

    queue: str
    arguments: tuple[Any, ...]
    by: str
    workflow: str
    limit: float
    attempts: int


async def start_of(handle: WorkflowHandle[Any, Any]) -> Start:
    """How a run began."""
    from workshop.runs.events import seconds_of

    events = handle.fetch_history_events(page_size=1)
    started = (await anext(aiter(events))).workflow_execution_started_event_attributes
    limits = (started.workflow_execution_timeout, started.workflow_run_timeout)
    return Start(
        started.task_queue.name,
        tuple(_decoded(one) for one in started.input.payloads),
        started.identity,
        started.workflow_type.name,
        min((seconds for seconds in map(seconds_of, limits) if seconds), default=0.0),
        started.retry_policy.maximum_attempts if started.HasField("retry_policy") else 1,
    )


@dataclass(frozen=True)
class ActivityRun:
    """One activity of a run, as its history tells it.

    Attributes:
        name: Its type.
        asked_by: The workflow task that scheduled it. Two with the same were asked for at the same time.
        input: Its arguments, decoded.
        attempts: How many there were; the last may still be under way.
        ended: How it ended; empty while it has not.
        output: What it returned, decoded.
        message: What it raised, or its latest attempt, says: what a workflow reads as the error's ``cause``.
        cause: The message at the root of that, where one error was raised from another.
        kind: The type of the root, such as ``ValueError``.
        line: The learner's own line in it, as ``my/folder/file.py, line 3: ...``; empty if there is none.
        given_up: Whether the error itself forbade another attempt, rather than the number of attempts.
        start_to_close: Seconds that one attempt may take; 0 without a limit.
        schedule_to_close: Seconds that all attempts together may take; 0 without a limit.
        heartbeat: Seconds within which it must show that it lives; 0 if it need not.
        maximum_attempts: How many attempts its retry policy allows; 0 without a limit.
        not_retried: The types of errors after which that policy allows no other attempt.
        schedule_to_start: Seconds that it may wait for a worker; 0 without a limit.
        first_interval: Seconds before the second attempt.
        backoff: By how much each pause is longer than the one before.
        longest_interval: Seconds that no pause exceeds.
        began: When its last attempt began, in seconds since 1970.
        took: Seconds that its last attempt took, once it has completed.
    """

    name: str
    asked_by: int
    input: tuple[Any, ...]
    attempts: int = 0
    ended: Ended = ""
    output: Any = None
    message: str = ""
    cause: str = ""
    kind: str = ""
    line: str = ""
    given_up: bool = False
    start_to_close: float = 0.0
    schedule_to_close: float = 0.0
    heartbeat: float = 0.0
    maximum_attempts: int = 0
    not_retried: tuple[str, ...] = ()
    schedule_to_start: float = 0.0
    first_interval: float = 0.0
    backoff: float = 0.0
    longest_interval: float = 0.0
    began: float = 0.0
    took: float = 0.0

    @property
    def problem(self) -> str:
        """The failure in words, with its type before the message."""
        return self.cause if not self.kind or self.kind in self.cause else f"{self.kind}: {self.cause}"


async def activity_runs(handle: WorkflowHandle[Any, Any], within: str = "") -> list[ActivityRun]:
    """The activities that a run has asked for so far, in order.

    Args:
        handle: The run.
        within: The learner's file whose lines say more than those of the files that it uses.
    """
    from workshop.runs.events import seconds_of

    found: dict[int, ActivityRun] = {}
    ids: dict[str, int] = {}
    async for event in handle.fetch_history_events():
        if event.HasField("activity_task_scheduled_event_attributes"):
            scheduled = event.activity_task_scheduled_event_attributes
            found[event.event_id] = ActivityRun(
                scheduled.activity_type.name,
                scheduled.workflow_task_completed_event_id,
                tuple(_decoded(one) for one in scheduled.input.payloads),
                start_to_close=seconds_of(scheduled.start_to_close_timeout),
                schedule_to_close=seconds_of(scheduled.schedule_to_close_timeout),
                heartbeat=seconds_of(scheduled.heartbeat_timeout),
                maximum_attempts=scheduled.retry_policy.maximum_attempts,
                not_retried=tuple(scheduled.retry_policy.non_retryable_error_types),
                schedule_to_start=seconds_of(scheduled.schedule_to_start_timeout),
                first_interval=seconds_of(scheduled.retry_policy.initial_interval),
                backoff=scheduled.retry_policy.backoff_coefficient,
                longest_interval=seconds_of(scheduled.retry_policy.maximum_interval),
            )
            ids[scheduled.activity_id] = event.event_id
        elif event.HasField("activity_task_started_event_attributes"):
            begun = event.activity_task_started_event_attributes
            found[begun.scheduled_event_id] = replace(
                found[begun.scheduled_event_id], attempts=begun.attempt, began=seconds_of(event.event_time)
            )
        else:
            _note_end(found, event, within)
    description = await handle.describe()
    # Between two attempts there is no event yet; the server tells how many there were, and what went wrong.
    for pending in description.raw_description.pending_activities:
        if number := ids.get(pending.activity_id):
            problem = _problem(pending.last_failure, within) if pending.HasField("last_failure") else {}
            found[number] = replace(found[number], attempts=pending.attempt, **problem)
    return list(found.values())


@dataclass(frozen=True)
class ChildRun:
    """A child workflow that a run has asked for, as its history tells it.

    Attributes:
        name: Its type.
        id: Its workflow id.
        queue: Its task queue.
        input: Its arguments, decoded.
        limit: Seconds that it may take, the shortest of its timeouts; 0 without a limit.
        endless: Whether it is begun again for ever when it has failed.
    """

    name: str
    id: str
    queue: str
    input: tuple[Any, ...]
    limit: float = 0.0
    endless: bool = False


async def child_runs(handle: WorkflowHandle[Any, Any]) -> list[ChildRun]:
    """The child workflows that a run has asked for so far, in order."""
    from workshop.runs.events import seconds_of

    return [
        ChildRun(
            asked.workflow_type.name,
            asked.workflow_id,
            asked.task_queue.name,
            tuple(_decoded(one) for one in asked.input.payloads),
            min(
                filter(
                    None,
                    (
                        seconds_of(asked.workflow_execution_timeout),
                        seconds_of(asked.workflow_run_timeout),
                    ),
                ),
                default=0.0,
            ),
            asked.HasField("retry_policy") and not asked.retry_policy.maximum_attempts,
        )
        async for event in handle.fetch_history_events()
        if event.HasField("start_child_workflow_execution_initiated_event_attributes")
        and (asked := event.start_child_workflow_execution_initiated_event_attributes)
    ]


async def timers_of(handle: WorkflowHandle[Any, Any]) -> list[float]:
    """The seconds of each timer that a run has set so far, in order."""
    from workshop.runs.events import seconds_of

    return [
        seconds_of(event.timer_started_event_attributes.start_to_fire_timeout)
        async for event in handle.fetch_history_events()
        if event.HasField("timer_started_event_attributes")
    ]


def need_times(run: ActivityRun, look: str, **wanted: float | tuple[str, ...]) -> None:
    """Compare the times and the retry policy of an activity with what the task gives.

    Args:
        run: The activity.
        look: Where to look if they differ.
        wanted: By the names of the attributes of :class:`ActivityRun`: ``start_to_close=30, maximum_attempts=3``.

    Raises:
        NotYet: one differs.
    """
    for name, value in wanted.items():
        if (seen := getattr(run, name)) != value:
            expected = f"`{_ARGUMENTS[name]}` of {run.name} to be {_told(name, value)}"
            raise NotYet(expected, _told(name, seen) + cut(run, name), look)


def cut(run: ActivityRun, name: str) -> str:
    """What to add to a time that the server has set or cut to another one's length; empty if it cannot have.

    Args:
        run: The activity.
        name: The time, as an attribute of :class:`ActivityRun`.
    """
    longest = {"start_to_close": "schedule_to_close", "heartbeat": "start_to_close"}.get(name)
    if longest is None or not getattr(run, name) or getattr(run, name) != getattr(run, longest):
        return ""
    return f", as long as `{_ARGUMENTS[longest]}`: it is not set, or is longer than that"


def _told(name: str, value: Any) -> str:
    from workshop.runs.events import duration

    if name == "not_retried":
        return ", ".join(value) or "nothing"
    if name in ("maximum_attempts", "backoff"):
        return f"{value:g}" if value else "no limit"
    return duration(value) if value else "no limit"


_ARGUMENTS = {
    "start_to_close": "start_to_close_timeout",
    "schedule_to_close": "schedule_to_close_timeout",
    "schedule_to_start": "schedule_to_start_timeout",
    "heartbeat": "heartbeat_timeout",
    "maximum_attempts": "maximum_attempts",
    "not_retried": "non_retryable_error_types",
    "first_interval": "initial_interval",
    "backoff": "backoff_coefficient",
    "longest_interval": "maximum_interval",
}
"""What the attributes of an :class:`ActivityRun` are called where a workflow sets them."""


async def scheduled_activities(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The names of the activities that a run has asked for, in order."""
    return [one.name for one in await activity_runs(handle)]


def left_under_way(runs: Sequence[ActivityRun], *names: str) -> str:
    """For the message about a run that has ended: what it had begun and did not await; empty if there is nothing.

    Args:
        runs: The activities of that run.
        names: Of which kinds.
    """
    left = next((run.name for run in runs if run.name in names and not run.ended), "")
    return f": a {left} was begun, and the run ended before it was over" if left else ""


async def begun(handle: WorkflowHandle[Any, Any], activity: str) -> bool:
    """Wait until a run has an activity of that name under way; False if the run ends without."""
    events = handle.fetch_history_events(wait_new_event=True)
    async for event in events:
        if (
            event.HasField("activity_task_scheduled_event_attributes")
            and event.activity_task_scheduled_event_attributes.activity_type.name == activity
        ):
            return True
    return False


async def attempts_of(handle: WorkflowHandle[Any, Any], activity: str) -> int:
    """How many attempts the last activity of that name took so far; 0 if there is none."""
    return ([0] + [one.attempts for one in await activity_runs(handle) if one.name == activity])[-1]


def _note_end(found: dict[int, ActivityRun], event: HistoryEvent, within: str) -> None:
    from temporalio.api.enums.v1 import RetryState

    from workshop.runs.events import seconds_of

    if event.HasField("activity_task_completed_event_attributes"):
        completed = event.activity_task_completed_event_attributes
        values = [_decoded(one) for one in completed.result.payloads]
        number = completed.scheduled_event_id
        found[number] = replace(
            found[number],
            ended="completed",
            output=values[0] if values else None,
            took=seconds_of(event.event_time) - found[number].began,
        )
    elif event.HasField("activity_task_failed_event_attributes"):
        failed = event.activity_task_failed_event_attributes
        found[failed.scheduled_event_id] = replace(
            found[failed.scheduled_event_id],
            ended="failed",
            **_problem(failed.failure, within),
            given_up=failed.retry_state == RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
        )
    elif event.HasField("activity_task_timed_out_event_attributes"):
        late = event.activity_task_timed_out_event_attributes
        found[late.scheduled_event_id] = replace(
            found[late.scheduled_event_id], ended="timed out", **_problem(late.failure, within)
        )
    elif event.HasField("activity_task_canceled_event_attributes"):
        number = event.activity_task_canceled_event_attributes.scheduled_event_id
        found[number] = replace(found[number], ended="cancelled")


def _problem(failure: Failure, within: str) -> dict[str, Any]:
    from workshop.runs.events import cause_of, own_line, type_of

    return {
        "message": " ".join(failure.message.split()),
        "cause": cause_of(failure),
        "kind": type_of(failure),
        "line": own_place(own_line(failure, within)),
    }


def _decoded(payload: Payload) -> Any:
    """A payload's value as JSON has it; None where it is not JSON."""
    try:
        return json.loads(payload.data) if payload.data else None
    except ValueError:
        return None
