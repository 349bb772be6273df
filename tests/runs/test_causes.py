"""The whole chain of causes: who failed within whom, which limit passed, and the innermost text."""

from __future__ import annotations

from temporalio.api.activity.v1 import ActivityOptions
from temporalio.api.enums.v1 import TimeoutType
from temporalio.api.failure.v1 import Failure

from workshop.runs.causes import no_options, size_words, told_attempt, told_chain


def _wrapped_heartbeat() -> Failure:
    failure = Failure(message="the run failed")
    failure.application_failure_info.type = "AgentsWorkflowError"
    activity = failure.cause
    activity.message = "Activity task timed out"
    activity.activity_failure_info.activity_type.name = "beat"
    activity.activity_failure_info.scheduled_event_id = 5
    timeout = activity.cause
    timeout.message = "activity Heartbeat timeout"
    timeout.timeout_failure_info.timeout_type = TimeoutType.TIMEOUT_TYPE_HEARTBEAT
    return failure


def test_an_activity_and_its_limit_are_named_within_a_wrapper() -> None:
    options = ActivityOptions()
    options.heartbeat_timeout.FromSeconds(2)
    failure = _wrapped_heartbeat()
    assert told_chain(failure, lambda info: options if info.scheduled_event_id == 5 else None) == (
        "activity beat failed: no heartbeat within 2 s (heartbeat_timeout)"
    )
    assert told_chain(failure, no_options) == "activity beat failed: no heartbeat in time"
    assert told_attempt(failure, options) == "no heartbeat within 2 s (heartbeat_timeout)"


def test_what_had_failed_before_the_time_was_up_is_told_too() -> None:
    failure = _wrapped_heartbeat()
    timeout = failure.cause.cause
    timeout.timeout_failure_info.timeout_type = TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE
    timeout.cause.message = "Bank is closed"
    timeout.cause.application_failure_info.type = "ConnectionError"
    assert told_chain(failure, no_options) == (
        "activity beat failed: not done in time: ConnectionError: Bank is closed"
    )


def test_a_message_of_several_lines_is_told_whole() -> None:
    failure = Failure(
        message="1 validation error for get_weather_alerts_args\nstate\n  Field required [type=missing, "
        "input_value={}, input_type=dict]\n    For further information visit https://errors.pydantic.dev/2/v/missing"
    )
    failure.application_failure_info.type = "ValidationError"
    assert told_chain(failure, no_options) == (
        "ValidationError: 1 validation error for get_weather_alerts_args state Field required "
        "[type=missing, input_value={}, input_type=dict]"
    )


def test_sizes() -> None:
    assert [size_words(n) for n in (10, 5_000, 2_097_152, 3_000_036)] == ["1 KB", "5 KB", "2 MB", "2.9 MB"]
