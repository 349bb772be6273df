"""A service that is down: whether an activity or a tool leaves it to Temporal to try again.

One that swallows its errors leaves nothing to try again, and one that makes them final forbids it.
"""

from __future__ import annotations


def made_final(error: BaseException) -> str:
    """What of an error keeps Temporal from another attempt, in words; empty if nothing does."""
    from temporalio.exceptions import ApplicationError

    if not isinstance(error, ApplicationError) or not error.non_retryable:
        return ""
    return f"an {type(error).__name__} with non_retryable=True, after which nobody tries again: {error}"
