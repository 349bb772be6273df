"""How long a step of the fleet may take, and when it is tried again: soon, and without end."""

from datetime import timedelta

from temporalio.common import RetryPolicy

TIMES = {
    "start_to_close_timeout": timedelta(seconds=2),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=0.3),
        backoff_coefficient=1.5,
        maximum_interval=timedelta(seconds=3),
    ),
}
