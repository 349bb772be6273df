"""Why a process ended, from what it printed last: the error itself, not the lines that a library put around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workshop.runs.events import CodeLine, one_line, own_line_of_text, shorten

_LONGEST = 400
"""Characters of an error that are shown."""

_BEGIN = "Traceback (most recent call last):"
_WRAPPED = "The above exception was the direct cause of the following exception:"
_MEANWHILE = "During handling of the above exception, another exception occurred:"
_MODULE = re.compile(r"^(?:[a-z_]\w*\.)+(?=[A-Z])")


@dataclass(frozen=True)
class LastWords:
    """What a process said last.

    Attributes:
        text: The error, or its last line if it printed no traceback; in one line.
        line: The line of the learner's code that failed; None if none did.
    """

    text: str
    line: CodeLine | None = None

    def told(self, indent: str = "  ") -> list[str]:
        """The lines that say it."""
        return [indent + self.text, *([f"{indent}{self.line}"] if self.line is not None else [])]


def last_words(output: str) -> LastWords | None:
    """Read the end of what a process has printed; None if it printed nothing.

    Of an error that was raised from another one (``raise ... from error``), both are told: the SDK says "Failed
    validating workflow Trap" where a learner's file could not be imported, and the cause stands above.
    """
    lines = output.rstrip().splitlines()
    if not lines:
        return None
    starts = [n for n, text in enumerate(lines) if text == _BEGIN]
    if not starts:
        # An error in the script's grammar has no traceback, but a line.
        return LastWords(_short(lines[-1].strip()), own_line_of_text("\n".join(lines[-5:])))
    chain = [lines[starts[-1] :]]
    for begin, end in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
        if _WRAPPED not in lines[begin:end]:
            break
        chain.append(lines[begin : end - 3])
    errors = [text for part in chain if (text := _error(part))]
    if not errors:
        return LastWords(_short(lines[-1].strip()))
    told = [re.sub(r"^RuntimeError: ", "", text) for text in errors[:-1]] + errors[-1:]
    own = [line for part in reversed(chain) if (line := own_line_of_text("\n".join(part))) is not None]
    return LastWords(_short(": ".join(told)), own[0] if own else None)


def condensed(lines: Sequence[str]) -> list[str]:
    """A log without the frames of its tracebacks: of each, the error and the learner's line.

    Args:
        lines: The log, or its end.
    """
    told: list[str] = []
    frames: list[str] | None = None
    for text in lines:
        if text == _BEGIN:
            frames = []
        elif frames is None:
            if text not in ("", _WRAPPED, _MEANWHILE):
                told.append(text)
        elif not text or text[0].isspace():
            frames.append(text)
        else:
            line = own_line_of_text("\n".join(frames))
            told += [_MODULE.sub("", text), *([f"  {line}"] if line is not None else [])]
            frames = None
    return told


def _error(traceback: Sequence[str]) -> str:
    """The error with which one traceback ends, without the path of its class."""
    for n, text in enumerate(traceback):
        if n and text and not text[0].isspace():
            return _MODULE.sub("", one_line("\n".join(traceback[n:])))
    return ""


def _short(text: str) -> str:
    return shorten(text, _LONGEST)


__all__ = ["LastWords", "condensed", "last_words"]
