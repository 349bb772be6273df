# outcome: PASSED
# made from a base policy with dataclasses.replace, an int coefficient
from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

PATIENT = RetryPolicy(
    initial_interval=timedelta(microseconds=200_000),
    backoff_coefficient=2,
    maximum_interval=timedelta(milliseconds=1000),
)
RETRIES = replace(PATIENT, maximum_attempts=5, non_retryable_error_types=["BankRefused"])
