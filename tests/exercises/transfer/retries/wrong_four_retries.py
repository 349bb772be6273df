# outcome: NOT YET · times
# says: 5 attempts
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=1), maximum_attempts=4,
    non_retryable_error_types=["BankRefused"],
)
