# outcome: NOT YET · error text
# says: a failure without the service's own words
"""Which errors of the model's service deserve another attempt, and when."""

from datetime import timedelta

from openai import APIStatusError
from temporalio.exceptions import ApplicationError


def to_failure(error: APIStatusError) -> ApplicationError:
    status = error.status_code
    wait = error.response.headers.get("retry-after", "")
    # Only status and code: a service's message may quote the key or the question, and histories are kept.
    told = f"the model's service answered {status} ({error.code})"

    final = status < 500 and status not in (408, 409, 429)
    delay = timedelta(seconds=int(wait)) if wait.isdecimal() else None
    return ApplicationError(told, error.body, non_retryable=final, next_retry_delay=delay)
