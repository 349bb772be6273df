"""What an error goes back to."""

from __future__ import annotations


def root_of(error: BaseException) -> BaseException:
    """What an error goes back to; where a wait was cut short by its timeout, that timeout."""
    cause = error
    while cause.__cause__ is not None and getattr(cause.__cause__, "type", "") != "CancelledError":
        cause = cause.__cause__
    return cause
