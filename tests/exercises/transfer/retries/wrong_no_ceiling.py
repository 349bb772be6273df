# outcome: NOT YET · no limit
# says: maximum_interval
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=0.2), maximum_attempts=5, non_retryable_error_types=["BankRefused"],
)
