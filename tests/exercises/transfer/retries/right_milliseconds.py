# outcome: PASSED
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    maximum_interval=timedelta(milliseconds=1000),
    maximum_attempts=5,
    non_retryable_error_types=("BankRefused",),
)
