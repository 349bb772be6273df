"""Interrupting a cell: it ends at once, and says so in one line."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

_WORKSHOP = str(Path(__file__).parents[1])
_RUNS_ON = ("results.py", "desk.py")

_waker: socket.socket | None = None


def wake_loop_on_signals() -> None:
    """Let an interrupt end a cell that waits.

    ipykernel's handler for an interrupt hands its work to the event loop without waking it, so that
    ``await asyncio.sleep(30)`` would sleep on. Python writes a byte to this socket at each signal, and that wakes
    the loop. Said again before each cell, since whoever sets a signal handler on an event loop takes it away.
    """
    global _waker
    # No running loop, not the main thread, or a loop that cannot watch sockets: then there is nothing to mend.
    with contextlib.suppress(RuntimeError, ValueError, NotImplementedError, OSError):
        loop = asyncio.get_running_loop()
        if _waker is None:
            bell, waker = socket.socketpair()
            for end in (bell, waker):
                end.setblocking(False)
            loop.add_reader(bell, _silence, bell)
            _waker = waker
        signal.set_wakeup_fd(_waker.fileno(), warn_on_full_buffer=False)


def _silence(bell: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        bell.recv(4096)


def tell_interrupts_in_one_line(shell: Any) -> None:
    """Show no traceback where an interrupt has ended a wait: the lines would be those of asyncio and this package.

    What is raised stays a plain ``CancelledError``: ``asyncio.timeout`` knows its own by that.

    Args:
        shell: IPython's shell.
    """

    def show(
        self: Any,
        kind: type[BaseException],
        error: BaseException,
        where: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        ours = [
            frame.filename for frame in traceback.extract_tb(where) if frame.filename.startswith(_WORKSHOP)
        ]
        worded = hasattr(error, "_render_traceback_")
        if worded or (kind is KeyboardInterrupt and not ours):
            # An error that has words of its own has them; and in the learner's own code it matters where.
            self.showtraceback((kind, error, where), tb_offset=tb_offset, running_compiled_code=True)
            return
        told = "Interrupted."
        if any(name.endswith(_RUNS_ON) for name in ours):
            told = "Interrupted. The run goes on; run the cell again to wait for it."
        self._showtraceback(kind, error, [told])

    shell.set_custom_exc((asyncio.CancelledError, KeyboardInterrupt), show)


__all__ = ["tell_interrupts_in_one_line", "wake_loop_on_signals"]
