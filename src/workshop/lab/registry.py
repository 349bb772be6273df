"""The processes of this notebook by name, for those who only look: what runs, what has died, what it printed."""

from __future__ import annotations

import os
import time
import weakref
from typing import Protocol

from workshop.lab.last_words import last_words


class Known(Protocol):
    """What is told of a process; :class:`workshop.lab.processes.Process` is one."""

    name: str
    started_at: float

    @property
    def running(self) -> bool:
        """Whether it is alive."""

    @property
    def pid(self) -> int:
        """Its process id."""

    @property
    def died(self) -> str:
        """How it ended if nobody here ended it, such as ``exit code 1``; empty if it did not."""

    def output(self) -> str:
        """What it has printed."""


_known: dict[str, Known] = {}
_made: weakref.WeakSet[Known] = weakref.WeakSet()
_owner = os.getpid()


def note(one: Known) -> None:
    """Remember one that has been started, whether or not it gets a name here."""
    _made.add(one)


def put(one: Known) -> None:
    """Enter one under its name."""
    _forget_inherited()
    _known[one.name] = one


def take(name: str) -> Known | None:
    """Strike one off the list, and return it."""
    _forget_inherited()
    return _known.pop(name, None)


def known() -> dict[str, Known]:
    """The processes of this notebook by name, the oldest first."""
    _forget_inherited()
    return dict(_known)


def started_at(pid: int) -> float | None:
    """When a process of this notebook that still runs was started, in seconds since 1970; None if it is none."""
    for one in known().values():
        if one.running and one.pid == pid:
            return one.started_at
    return None


def is_one_starting(within: float) -> bool:
    """Whether a process of this kernel runs and was started less than ``within`` seconds ago."""
    now = time.time()
    return any(one.running and now - one.started_at < within for one in list(_made))


def deaths(but: str = "") -> list[str]:
    """What has died in this notebook without being told to, in lines: how, and what it said last.

    Args:
        but: The name of one to leave out.
    """
    told: list[str] = []
    for one in known().values():
        if one.name == but or not one.died:
            continue
        words = last_words(one.output())
        told.append(f"{one.name} has ended ({one.died}){':' if words else '.'}")
        told += words.told() if words else []
    return told


def _forget_inherited() -> None:
    # After a fork the processes belong to the parent, which is still there.
    global _owner
    if _owner != os.getpid():
        _owner = os.getpid()
        _known.clear()


__all__ = ["Known", "deaths", "is_one_starting", "known", "note", "put", "started_at", "take"]
