# outcome: NOT YET · no limit
# says: maximum_attempts
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=1),
    non_retryable_error_types=["BankRefused"],
)
