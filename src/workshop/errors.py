"""An error worth one or two lines instead of a stack trace: the base of all that the lab and its views raise."""

from __future__ import annotations


class LabError(RuntimeError):
    """Something of the lab is missing or in the way; the message says what, and what to do about it."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception how it wants to be shown; the lab's own frames would tell nothing.
        return [f"{type(self).__name__}: {self}"]


class LabTimeout(LabError, TimeoutError):
    """Something the lab waited for did not happen in time."""


class ServerSilent(LabError):
    """The Temporal server did not answer."""


def is_silence(error: BaseException) -> bool:
    """Whether an error says that the Temporal server did not answer: one of the lab's, or its client's own."""
    status = getattr(getattr(error, "status", None), "name", "")
    reason = getattr(error, "reason", "")
    return isinstance(error, ServerSilent) or status in _SILENT or reason == "server does not answer"


_SILENT = ("UNAVAILABLE", "DEADLINE_EXCEEDED")
"""The status of an RPCError that says so; named, since not everybody who asks has Temporal's library loaded."""


__all__ = ["LabError", "LabTimeout", "ServerSilent", "is_silence"]
