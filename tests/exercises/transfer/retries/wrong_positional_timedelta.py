# outcome: NOT YET · times
# timedelta(0.2) is 0.2 days
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(0.2),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(1),
    maximum_attempts=5,
    non_retryable_error_types=["BankRefused"],
)
