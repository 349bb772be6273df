# outcome: PASSED
# set attribute by attribute, a tuple of names
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy()
RETRIES.initial_interval = timedelta(seconds=1) / 5
RETRIES.backoff_coefficient = 2.0
RETRIES.maximum_interval = timedelta(seconds=1)
RETRIES.maximum_attempts = 5
RETRIES.non_retryable_error_types = ("BankRefused",)
