"""Why a run or an activity failed: told from the whole chain of causes, with the names and limits that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from temporalio.api.enums.v1 import TimeoutType
from temporalio.api.failure.v1 import ActivityFailureInfo, Failure

from workshop.runs.events import is_timeout, seconds_of, timeout_words, typed_cause_of

TOO_LARGE = "PayloadsTooLarge"
"""The type of the failure that the SDK reports in the place of a payload over the server's limit."""

_LIMITS = {
    TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE: "start_to_close_timeout",
    TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START: "schedule_to_start_timeout",
    TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE: "schedule_to_close_timeout",
    TimeoutType.TIMEOUT_TYPE_HEARTBEAT: "heartbeat_timeout",
}

Options = Callable[[ActivityFailureInfo], Any]
"""Finds the timeouts that an activity was scheduled with, from what its failure tells; None if they are not known."""


def told_chain(failure: Failure, options: Options) -> str:
    """What failed within what, and why in the end: ``activity beat failed: no heartbeat within 1 s (...)``.

    A wrapper of the SDK or of the author (``raise ... from error``) is left out: what it holds says more.

    Args:
        failure: The outermost failure.
        options: Knows the limits that an activity was given.
    """
    told: list[str] = []
    limits: Any = None
    for one in _chain(failure):
        if one.HasField("activity_failure_info"):
            info = one.activity_failure_info
            told.append(f"activity {info.activity_type.name} failed")
            limits = options(info)
        elif one.HasField("child_workflow_execution_failure_info"):
            child = one.child_workflow_execution_failure_info
            told.append(f"child workflow {child.workflow_type.name} failed")
            limits, options = None, no_options  # events are numbered anew in a child's history
        elif one.HasField("timeout_failure_info"):
            told.append(told_timeout(one, limits))
    if not is_timeout(failure):
        told.append(typed_cause_of(failure))
    return ": ".join(told)


def told_timeout(failure: Failure, limits: Any) -> str:
    """Which timeout passed, and how long it was.

    Args:
        failure: A timeout's failure itself.
        limits: What has the fields ``start_to_close_timeout`` and so on; None if that is not known.
    """
    kind = failure.timeout_failure_info.timeout_type
    name = _LIMITS.get(kind)
    if name is None or limits is None:
        return timeout_words(kind)
    seconds = seconds_of(getattr(limits, name))
    return f"{timeout_words(kind, seconds)} ({name})" if seconds else timeout_words(kind)


def told_attempt(failure: Failure, limits: Any) -> str:
    """Why an attempt at an activity failed.

    Args:
        failure: What the server tells of it.
        limits: The timeouts that the activity was given.
    """
    for one in _chain(failure):
        if one.HasField("timeout_failure_info"):
            return told_timeout(one, limits)
    return typed_cause_of(failure)


def size_words(count: int) -> str:
    """A number of bytes as a person writes it: ``2 MB``, ``2.9 MB``, ``120 KB``."""
    if count < 1 << 20:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / (1 << 20):.1f}".removesuffix(".0") + " MB"


def _chain(failure: Failure) -> Iterator[Failure]:
    yield failure
    while failure.HasField("cause"):
        failure = failure.cause
        yield failure


def no_options(_: ActivityFailureInfo) -> None:
    """What is known where there is no history: nothing."""
    return None


__all__ = ["TOO_LARGE", "Options", "no_options", "size_words", "told_attempt", "told_chain", "told_timeout"]
