# outcome: PASSED
"""Which errors of the model's service deserve another attempt, and when."""

from datetime import timedelta

from openai import APIStatusError
from temporalio.exceptions import ApplicationError


def to_failure(error: APIStatusError) -> ApplicationError:
    status = error.status_code
    wait = error.response.headers.get("retry-after", "")
    # Only status and code: a service's message may quote the key or the question, and histories are kept.
    told = f"the model's service answered {status} ({error.code})"

    again = status >= 500 or status == 408 or status == 409 or status == 429
    delay = None
    if wait.isdigit():
        delay = timedelta(milliseconds=1000 * int(wait))
    return ApplicationError(
        message=told, type=type(error).__name__, non_retryable=not again, next_retry_delay=delay
    )
