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


__all__ = ["LabError", "LabTimeout", "ServerSilent"]
