"""Real processes: killed with a real SIGKILL, started again, waited for."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.lab.ended import gone
from tests.lab.learner_scripts import SLEEPER, write
from workshop import lab

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
pytestmark = pytest.mark.usefixtures("learner")


@posix
@pytest.mark.usefixtures("each_way")
def test_kill_is_sigkill(learner: Path) -> None:
    script = write(
        learner,
        """
        import signal, subprocess, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen(["sleep", "600"])
        try:
            print("child", child.pid)
            time.sleep(600)
        finally:
            print("cleaned up")
        """,
    )
    process = lab.process(script, ready="child")
    assert process.running
    assert process.returncode is None
    child = int(process.output().split()[1])
    process.kill()
    assert not process.running
    assert process.returncode == -signal.SIGKILL
    assert "cleaned up" not in process.output()
    assert gone(process.pid)
    assert gone(child)
    process.kill()  # twice is no error


@posix
@pytest.mark.usefixtures("each_way")
def test_stop_lets_it_clean_up_and_restart_begins_anew(learner: Path) -> None:
    script = write(
        learner,
        """
        import asyncio, os
        async def main():
            print("ready", os.getpid())
            try:
                await asyncio.sleep(600)
            finally:
                print("cleaned up")
        asyncio.run(main())
        """,
    )
    process = lab.process(script, ready="ready")
    first = process.pid
    process.stop()
    assert process.returncode == 130
    assert process.output().splitlines() == [f"ready {first}", "cleaned up"]
    assert process.restart() is process
    assert process.pid != first
    assert process.output() == f"ready {process.pid}\n"
    process.restart()  # also while it runs
    assert gone(first)
    assert process.running


@pytest.mark.usefixtures("each_way")
def test_early_death_is_told_with_the_log(learner: Path) -> None:
    script = write(learner, 'print("so far")\nraise ValueError("no such state")')
    with pytest.raises(lab.ProcessError) as caught:
        lab.process(script, ready="listening")
    lines = str(caught.value).splitlines()
    assert lines[0] == "agent ended (exit code 1) before it printed 'listening'."
    assert lines[2:] == [
        "  so far",
        "  Traceback (most recent call last):",
        f'    File "{script}", line 2, in <module>',
        '      raise ValueError("no such state")',
        "  ValueError: no such state",
    ]
    assert len(caught.value._render_traceback_()) == 1


@pytest.mark.usefixtures("each_way")
def test_waits_are_bounded(learner: Path) -> None:
    script = write(learner, SLEEPER)
    with pytest.raises(lab.LabTimeout, match=r"After 0\.5 s agent has not printed 'never'"):
        lab.process(script, ready="never", timeout=0.5)

    async def waits() -> None:
        process = lab.process(script)
        assert await process.wait_for("rea") == "ready"
        with pytest.raises(TimeoutError):
            await process.wait(0.1)
        with pytest.raises(TimeoutError):
            await process.wait_for("never", timeout=0.1)
        waiting = asyncio.create_task(process.wait())
        await asyncio.sleep(0.05)
        began = time.monotonic()
        process.kill()
        assert await waiting == process.returncode
        assert time.monotonic() - began < 0.5
        with pytest.raises(lab.ProcessError, match="before it printed 'never'"):
            await process.wait_for("never")

    asyncio.run(waits())


def test_the_same_name_replaces(learner: Path, own_logs: Path) -> None:
    script = write(learner, SLEEPER)
    first = lab.process(script, ready="ready")
    other = lab.process(script, name="other", ready="ready")
    second = lab.process(script, ready="ready")
    assert not first.running
    assert other.running
    assert second.running
    assert first.output() == "ready\n"
    logs = sorted(path.name for path in own_logs.iterdir())
    pid = os.getpid()
    assert logs == [f"agent-{pid}-2.log", f"agent-{pid}.log", f"other-{pid}.log"]


def test_prepared_processes(learner: Path) -> None:
    worker = lab.process("my/first/worker.py", start=False)
    assert repr(worker) == "Process worker: not started"
    assert (worker.started, worker.running, worker.ready, worker.returncode) == (False, False, False, None)
    assert worker.output() == ""
    worker.kill()
    worker.stop()
    with pytest.raises(lab.ProcessError, match=r"worker has not been started. Call its start\(\)"):
        print(worker.pid)
    with pytest.raises(lab.ProcessError, match="has not been started"):
        asyncio.run(worker.wait())
    with pytest.raises(lab.ProcessError, match="There is no file"):
        worker.start()
    write(learner, "for n in range(2000): print(n, 'x' * 40)", "worker.py")
    assert asyncio.run(worker.start().wait()) == 0
    assert worker.started
    assert [line.split()[0] for line in worker.last_lines(3)] == ["1997", "1998", "1999"]
    assert lab.find_process("worker") is worker
    with pytest.raises(lab.ProcessError, match="no process named 'wrker' in this notebook"):
        lab.find_process("wrker")
