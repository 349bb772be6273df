# outcome: PASSED
# milliseconds, backoff left at its default of 2
from datetime import timedelta

from temporalio.common import RetryPolicy

FIRST_WAIT = timedelta(milliseconds=200)

RETRIES: RetryPolicy = RetryPolicy(
    initial_interval=FIRST_WAIT,
    maximum_interval=FIRST_WAIT * 5,
    maximum_attempts=5,
    non_retryable_error_types=["BankRefused"],
)
