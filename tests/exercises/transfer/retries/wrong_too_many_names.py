# outcome: NOT YET · wrong failure
# says: the only error that is not retried
# every error ends the retries, a closed bank too
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=0.2),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=1),
    maximum_attempts=5,
    non_retryable_error_types=["BankRefused", "Exception", "ConnectError", "ConnectionError", "RemoteProtocolError", "ReadError", "OSError"],
)
