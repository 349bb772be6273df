"""Which line keeps an error: `except`, `suppress`, a `return` in `finally`, and none that only looks so."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from workshop.checks.suspects import catcher_in


def in_a_tuple() -> str:
    try:
        return "done"
    except (KeyError, OSError):
        return "failed"


def by_its_parent() -> None:
    with contextlib.suppress(Exception):
        in_a_tuple()


def in_finally() -> str:
    said = "failed"
    try:
        said = in_a_tuple()
    finally:
        return said  # noqa: B012 - the habit that is looked for


def another() -> str:
    try:
        return in_a_tuple()
    except KeyError:
        return "failed"


def raised_again() -> str:
    try:
        return in_a_tuple()
    except OSError as error:
        raise RuntimeError("failed") from error


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (in_a_tuple, "except (KeyError, OSError)"),
        (by_its_parent, "with contextlib.suppress(Exception)"),
        (in_finally, "return said"),
        (another, ""),
        (raised_again, ""),
    ],
)
def test_the_line_that_keeps_an_error_is_found(function: Callable[[], object], line: str) -> None:
    found = catcher_in(function, ConnectionError)
    assert line in found
    assert bool(found) == bool(line)
