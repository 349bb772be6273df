# outcome: PASSED
"""Which errors of the model's service deserve another attempt, and when."""

from datetime import timedelta

from openai import APIStatusError
from temporalio.exceptions import ApplicationError


RETRYABLE = frozenset({408, 409, 429})


def _delay(header: str) -> timedelta | None:
    header = header.strip()
    return timedelta(seconds=int(header)) if header.isascii() and header.isdecimal() else None


def to_failure(error: APIStatusError) -> ApplicationError:
    status = error.status_code
    wait = error.response.headers.get("retry-after", "")
    # Only status and code: a service's message may quote the key or the question, and histories are kept.
    told = f"the model's service answered {status} ({error.code})"
    match status:
        case 408 | 409 | 429:
            final = False
        case code if code < 500:
            final = True
        case _:
            final = False
    return ApplicationError(told, status, non_retryable=final, next_retry_delay=_delay(wait))
