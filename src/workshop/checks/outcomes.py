"""The four ways a check can end, in words, and the errors that carry three of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["passed", "not_attempted", "not_yet", "course_problem"]

WORDS: Mapping[Kind, str] = {
    "passed": "PASSED",
    "not_attempted": "NOT YET ATTEMPTED",
    "not_yet": "NOT YET",
    "course_problem": "COURSE PROBLEM",
}

A_COROUTINE = "a coroutine: a call without `await`"

_LONGEST = 600


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Cut a text to at most ``longest`` characters and say how many were left out."""
    text = text.strip()
    if len(text) <= longest:
        return text
    return f"{text[:longest].rstrip()} ... ({len(text) - longest} characters more)"


class CheckFailed(AssertionError):
    """A check that did not pass. Jupyter shows one line of it, without a stack: the block above it says all.

    Attributes:
        exercise_id: The exercise, such as ``"1.2"``; empty until the engine knows it.
    """

    kind: Kind = "not_yet"
    exercise_id: str = ""

    def lines(self) -> list[str]:
        """The outcome block below its first word: indented lines."""
        return []

    def summary(self) -> str:
        """The whole failure in one or two lines."""
        return WORDS[self.kind]

    def __str__(self) -> str:
        return self.summary()

    def _render_traceback_(self) -> list[str]:
        # IPython's own protocol: these lines stand in place of the traceback.
        said = f"exercise {self.exercise_id}, see above" if self.exercise_id else _one_line(self.summary())
        return [f"{type(self).__name__}: {said}"]


class NotYetAttempted(CheckFailed):
    """The file is not there, or is still as it came.

    Args:
        what: Which file or line, in one sentence.
    """

    kind: Kind = "not_attempted"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def lines(self) -> list[str]:
        """The outcome block below its first word."""
        return [f"  {self.what}"]

    def summary(self) -> str:
        """The failure in one or two lines."""
        return self.what


class NotYet(CheckFailed):
    """The learner's code ran and did not do what the exercise asks.

    Raised by check functions and, inside the child process, by probes: it crosses over as JSON.

    Args:
        expected: What should have been seen.
        got: What was seen instead.
        look: Where to look: a file and line, or the name of a thing.

    Attributes:
        late: Whether something did not come in time: the engine then looks what stands in its way.
    """

    kind: Kind = "not_yet"

    def __init__(self, expected: str, got: str, look: str = "") -> None:
        super().__init__(expected, got, look)
        self.expected = shorten(expected)
        self.got = shorten(got)
        self.look = shorten(look)
        if _one_line(self.expected) == _one_line(self.got):
            self.got += " - printed, the two look the same: compare their types, their spaces and line breaks"
        self.late = False

    def add_missing_await(self, where: str) -> None:
        """Say first that an ``await`` is missing ``where``, unless that has been said."""
        if "`await`" not in self.got:
            self.got = shorten(f"an `await` is missing at {where}; {self.got}")

    def lines(self) -> list[str]:
        """The outcome block below its first word."""
        parts = [("expected", self.expected), ("got", self.got)]
        if self.look:
            parts.append(("look at", self.look))
        shown = [f"  {label}: {_indented(text)}" for label, text in parts]
        if self.exercise_id:
            shown.append(f'  hint("{self.exercise_id}") helps')
        return shown

    def summary(self) -> str:
        """The failure in one or two lines."""
        first = f"expected {_one_line(self.expected)}; got {_one_line(self.got)}"
        return f"{first}\nlook at {_one_line(self.look)}" if self.look else first

    def to_json(self) -> dict[str, str]:
        """What crosses from the child process."""
        return {"expected": self.expected, "got": self.got, "look": self.look}


class CourseProblem(CheckFailed):
    """Something of the course is at fault, not the learner's code.

    Args:
        what: What is wrong, in one sentence.
        remedy: What to do about it.
    """

    kind: Kind = "course_problem"

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = shorten(what)
        self.remedy = shorten(remedy)

    def lines(self) -> list[str]:
        """The outcome block below its first word."""
        return [f"  what: {_indented(self.what)}", f"  remedy: {_indented(self.remedy)}"]

    def summary(self) -> str:
        """The failure in one or two lines."""
        return f"{_one_line(self.what)}\n{_one_line(self.remedy)}"


class Unclear(CheckFailed):
    """A check's own line failed on what it was to read. Whose fault that is, :mod:`workshop.checks.fault` finds out.

    Args:
        what: The error.
        where: The check's line.
    """

    kind: Kind = "course_problem"

    def __init__(self, what: str, where: str) -> None:
        super().__init__(what, where)
        self.what = shorten(what, 300)
        self.where = where


class Interrupted(asyncio.CancelledError):
    """A check was interrupted before it had judged anything. To asyncio it is a cancellation like any other."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class UnknownExercise(LookupError):
    """No exercise has this id; the message says which there are."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


@dataclass(frozen=True)
class Outcome:
    """How one check ended.

    Attributes:
        proves: What a pass proves, in one sentence; shown only with a pass.
        failure: What was raised; None after a pass.
        seconds: How long the check took, in seconds.
        seen: What the check saw, shown below a pass; may be empty.
    """

    exercise_id: str
    proves: str
    failure: CheckFailed | None
    seconds: float
    seen: str = ""

    @property
    def kind(self) -> Kind:
        """Which of the four outcomes."""
        return self.failure.kind if self.failure else "passed"

    @property
    def passed(self) -> bool:
        """True for the one outcome that earns points."""
        return self.failure is None

    def block(self) -> str:
        """The text that a check prints: it starts with the outcome's word."""
        if self.failure is None:
            return "\n".join([f"{WORDS['passed']} · {self.proves}", *self.seen.splitlines()])
        return "\n".join([WORDS[self.kind], *self.failure.lines()])

    def note(self) -> str:
        """The failure in one line; empty after a pass."""
        return _one_line(self.failure.summary()) if self.failure else ""


def alternatives(words: Sequence[str]) -> str:
    """Join words as in "a, b or c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _indented(text: str) -> str:
    return text.replace("\n", "\n      ")
