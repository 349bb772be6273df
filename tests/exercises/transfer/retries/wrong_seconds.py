# outcome: NOT YET · times
# says: 0.2
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(minutes=0.2), maximum_interval=timedelta(seconds=1), maximum_attempts=5,
    non_retryable_error_types=["BankRefused"],
)
