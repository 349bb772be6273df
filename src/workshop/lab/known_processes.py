"""Processes known by their id and the time they started: still the same ones, and how to end them."""

from __future__ import annotations

import contextlib
import sys

import psutil

STOP_TIMEOUT = 10.0
"""Seconds a service gets to end in order before it is killed; the dev server takes about one."""

# Seconds; psutil reckons a process's start from the boot time, which a change of the clock can shift.
_SAME_START = 1.0


def same_process(pid: int, started_at: float) -> psutil.Process | None:
    """The process itself; None if it has ended, and its id may be somebody else's by now.

    Args:
        pid: Its id.
        started_at: When it started, in seconds since 1970.
    """
    try:
        process = psutil.Process(pid)
        if abs(process.create_time() - started_at) <= _SAME_START and _is_alive(process):
            return process
    except psutil.Error:
        pass
    return None


def end_processes(processes: list[psutil.Process]) -> None:
    """End processes and what they started: asked first, killed after :data:`STOP_TIMEOUT`."""
    everyone = list(processes)
    for process in processes:
        with contextlib.suppress(psutil.Error):
            everyone += process.children(recursive=True)
    # On Windows nothing can end in order: a terminated holder would leave the server it holds.
    for process in processes if sys.platform != "win32" else everyone:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, living = psutil.wait_procs(processes, timeout=STOP_TIMEOUT)
    left = {process.pid: process for process in [*living, *everyone]}
    for process in left.values():
        with contextlib.suppress(psutil.Error):
            if _is_alive(process):
                process.kill()
    psutil.wait_procs(list(left.values()), timeout=STOP_TIMEOUT)


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


__all__ = ["STOP_TIMEOUT", "end_processes", "same_process"]
