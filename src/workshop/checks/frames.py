"""Frames and errors of the learner's code, as the child looks at them."""

from __future__ import annotations

import os
import traceback
import types
from collections.abc import Iterator
from typing import Any


def inner_to_outer(frame: types.FrameType | None) -> Iterator[types.FrameType]:
    """A frame, and those that have called it."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def awaited(coroutine: Any) -> list[types.FrameType]:
    """The frames of what a task waits for, innermost first (a task's own stack shows only the outermost)."""
    frames: list[types.FrameType] = []
    while coroutine is not None and len(frames) < 1000:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is None:
            break
        frames.append(frame)
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
    return frames[::-1]


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and those from which it came."""
    one: BaseException | None = error
    seen: set[int] = set()
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def at_import(error: BaseException, root: str) -> bool:
    """Whether an error came out of the learner's file while that was imported."""
    named = [(one.filename, one.name) for one in traceback.extract_tb(error.__traceback__)]
    own = [
        name for file, name in named if os.path.realpath(file).startswith(os.path.join(root, "my") + os.sep)
    ]
    return own[:1] == ["<module>"]


def message_of(error: BaseException) -> str:
    """What an error says, whatever its class does."""
    try:
        return str(error)
    except Exception:
        return "(its message cannot be shown)"
