"""Whether a process is at work: one that computes is, also where it gets no processor; one that waits is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest

from workshop.checks import idleness
from workshop.checks.idleness import Idle, is_busy
from workshop.lab.processes import Process

COMPUTES = "print(flush=True)\nwhile True: pass"
WAITS = "print(flush=True)\ninput()"


@pytest.fixture
def process(request: pytest.FixtureRequest) -> Iterator[Process]:
    started = subprocess.Popen(
        [sys.executable, "-c", request.param], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert started.stdout
    started.stdout.readline()
    # Of a process, only its id is used.
    yield cast(Process, started)
    started.kill()
    started.communicate()


@pytest.mark.parametrize(("process", "busy"), [(COMPUTES, True), (WAITS, False)], indirect=["process"])
async def test_busy(process: Process, busy: bool) -> None:
    assert await is_busy(process) is busy


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the time used tells")
@pytest.mark.parametrize(("process", "busy"), [(COMPUTES, True), (WAITS, False)], indirect=["process"])
async def test_starved(process: Process, busy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    used: Any = lambda _: 1.0  # noqa: E731
    monkeypatch.setattr(idleness, "_processor_time", used)
    assert await is_busy(process) is busy
    idle = Idle(process)
    idle.for_long()
    monkeypatch.setattr(idleness, "_IDLE", 0.0)
    assert idle.for_long() is not busy
