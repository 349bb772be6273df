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

    if status < 500 and status not in {408, 409, 429}:
        return ApplicationError(told, non_retryable=True)
    try:
        return ApplicationError(told, next_retry_delay=timedelta(seconds=int(wait)))
    except ValueError:
        return ApplicationError(told)
