"""Whether a learner's process is at work. One that waits for a processor is: on a busy machine it uses hardly any."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.lab.processes import Process

_BUSY = 0.05
"""Seconds of a processor's time within one second; a worker that waits for work needs less than a tenth of it."""

_IDLE = 3.0
"""Seconds without work after which a worker process is not about to ask for any."""

_SAMPLES = 10
_STARVED = 3
"""Of ten looks within a second, in how many a starved process wants a processor. An idle one hardly ever does."""

_FAIR = 0.25
"""Of the time that it wants, which part a process gets on a machine that is not too busy for a check."""


class Idle:
    """How long a process has had nothing to do; never, if there is none."""

    def __init__(self, process: Process | None) -> None:
        self._process = process
        self._since = time.monotonic()
        self._used = 0.0

    def for_long(self) -> bool:
        """Whether it has been idle for some seconds."""
        used = _processor_time(self._process) if self._process is not None else None
        if self._process is None or used is None:
            return False
        now = time.monotonic()
        if used - self._used > _BUSY * _IDLE or _wants_a_processor(self._process):
            self._since, self._used = now, used
        return now - self._since > _IDLE


async def is_busy(process: Process) -> bool:
    """Whether a process that does not ask for work yet is still importing, as it may be on a slow machine."""
    used, wanted = await _watched(process)
    return used > _BUSY or wanted >= _STARVED


async def is_starved(process: Process) -> bool:
    """Whether a process gets much less of a processor than it wants: others have it, whatever the code."""
    used, wanted = await _watched(process)
    return wanted >= _STARVED and used < _FAIR * wanted / _SAMPLES


async def _watched(process: Process) -> tuple[float, int]:
    """Within a second: the processor's time that it used, and in how many looks it wanted some."""
    before, began = _processor_time(process), time.monotonic()
    wanted = 0
    for _ in range(_SAMPLES):
        wanted += _wants_a_processor(process)
        await asyncio.sleep(1 / _SAMPLES)
    after = _processor_time(process)
    used = after - before if before is not None and after is not None else 0.0
    return used / (time.monotonic() - began), wanted


def _processor_time(process: Process) -> float | None:
    import psutil

    try:
        times = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)


def _wants_a_processor(process: Process) -> bool:
    """Whether it could go on at once, or as soon as a file is read. Only Linux tells."""
    import psutil

    if sys.platform != "linux":
        return False
    try:
        return psutil.Process(process.pid).status() in (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP)
    except psutil.Error:
        return False
