"""Code that stops its whole worker: noticed while it runs in a process of a check, and told at once.

An event loop does nothing else while a coroutine waits for a command, a synchronous connection, or a long computation:
no heartbeat is sent, and the other runs of that worker stand still. Python announces commands and connections to an
audit hook before they begin. `time.sleep` is not announced, and one of a second ends before a look could tell it from
a busy machine: it is replaced by one that is. What only computes is found by looking at where the loop's thread stands.
"""

from __future__ import annotations

import asyncio
import linecache
import sys
import threading
import time
from collections.abc import Callable
from pathlib import PurePath
from types import FrameType
from typing import Any, SupportsIndex

from .outcomes import NotYet
from .tracebacks import own_place

_EVERY = 0.1
"""Seconds between two looks at the loop's thread."""

_LOOKS = 15
"""Looks in a row at which the loop has not come round, and the learner's code has run. On a busy machine the thread
that looks is as late as the one that is looked at, so looks are counted, not seconds.
"""

_COMMAND = (
    "waiting for a command blocks the whole worker; `await asyncio.create_subprocess_exec(...)` does not"
)
_CONNECTION = (
    "a synchronous connection blocks the whole worker until the answer arrives; an asynchronous client, such as"
    " `httpx.AsyncClient`, does not"
)
_BLOCKING = {
    "subprocess.Popen": _COMMAND,
    "os.system": _COMMAND,
    "os.posix_spawn": _COMMAND,
    "socket.connect": _CONNECTION,
    "socket.getaddrinfo": _CONNECTION,
}
SLEEPS = "`time.sleep` blocks the whole worker; `await asyncio.sleep(...)` does not"
_LONG = (
    "it blocks the worker's only event loop for seconds; `await asyncio.to_thread(...)` moves long work"
    " into a thread, and `await asyncio.sleep(...)` waits without blocking"
)

Tell = Callable[[NotYet], Any]

_tell: Tell | None = None


def use(tell: Tell) -> None:
    """What :func:`watch_loop` tells of, unless it is given something else: set by the child process."""
    global _tell
    _tell = tell


def watch_loop(tell: Tell | None = None) -> None:
    """Watch the running event loop until the process ends.

    Call it once the learner's file has been imported: what that does meanwhile holds nothing up.

    Args:
        tell: Called once, in whichever thread notices it; it should not return. The child's answer unless given.
    """
    watch = _Watch(tell or _tell or _raise, asyncio.get_running_loop())
    sys.addaudithook(watch.hear)
    _announce_sleeps(watch.hear_sleep)
    threading.Thread(target=watch.look, daemon=True).start()


def _raise(verdict: NotYet) -> None:
    raise verdict


def _announce_sleeps(hear: Callable[[], None]) -> None:
    """Have ``time.sleep`` call ``hear`` first, also under the names that the learner's files have given it."""
    sleep = time.sleep

    def announced(seconds: float | SupportsIndex, /) -> None:
        hear()
        sleep(seconds)

    time.sleep = announced
    for name, module in list(sys.modules.items()):
        if name.startswith("my."):
            vars(module).update({own: announced for own, value in vars(module).items() if value is sleep})


class _Watch:
    def __init__(self, tell: Tell, loop: asyncio.AbstractEventLoop) -> None:
        self._tell = tell
        self._loop = loop
        self._thread = threading.get_ident()
        self._told = False
        self._alive = True

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _BLOCKING or self._told or threading.get_ident() != self._thread:
            return
        if event == "socket.connect" and arguments[0].gettimeout() == 0:
            return
        if line := _own_line(sys._getframe(1)):
            self._say(_BLOCKING[event], line)

    def hear_sleep(self) -> None:
        if not self._told and threading.get_ident() == self._thread and (line := _own_line(sys._getframe(2))):
            self._say(SLEEPS, line)

    def look(self) -> None:
        looks = 0
        while not self._told and not self._loop.is_closed():
            time.sleep(_EVERY)
            if self._alive:
                self._alive, looks = False, 0
                self._loop.call_soon_threadsafe(self._come_round)
                continue
            frame = sys._current_frames().get(self._thread)
            line = _own_line(frame) if frame is not None else ""
            looks = looks + 1 if line else 0
            if looks >= _LOOKS:
                self._say(_LONG, line)

    def _come_round(self) -> None:
        self._alive = True

    def _say(self, got: str, line: str) -> None:
        self._told = True
        self._tell(NotYet("a tool that leaves its worker free to do other work in the meantime", got, line))


def _own_line(frame: FrameType | None) -> str:
    """The learner's line that a stack has come from, unless it came through asyncio, which does not block."""
    while frame is not None:
        parts = PurePath(frame.f_code.co_filename.replace("\\", "/")).parts
        if "asyncio" in parts[:-1]:
            return ""
        if "my" in parts[:-1]:
            from workshop.runs.events import CodeLine

            own = parts[len(parts) - 1 - parts[::-1].index("my") :]
            source = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            return own_place(CodeLine("/".join(own), frame.f_lineno, source))
        frame = frame.f_back
    return ""
