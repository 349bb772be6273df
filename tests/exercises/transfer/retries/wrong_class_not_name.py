# outcome: NOT YET · of another kind
# says: names as strings
from datetime import timedelta

from workshop.tools.bank import BankRefused
from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=0.2),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=1),
    maximum_attempts=5,
    non_retryable_error_types=[BankRefused],
)
