"""Whether a process has really ended."""

from __future__ import annotations

import time

import psutil


def gone(pid: int, timeout: float = 10.0) -> bool:
    """Whether a process ends within some seconds; one that nobody has reaped yet has."""
    deadline = time.monotonic() + timeout
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    """Whether a process is there, and not only the record of its end."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
