"""When a process is forked, and when it is a new interpreter."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import pytest

from tests.forks import by_fork, is_forked, ready_server
from tests.lab.learner_scripts import write
from workshop import lab
from workshop.lab import bodies, forking, prefork

pytestmark = [by_fork, pytest.mark.usefixtures("learner")]


@pytest.mark.usefixtures("forking")
def test_what_is_read_only_at_the_start_is_honoured(learner: Path) -> None:
    script = write(learner, "import sys\nprint(sys.flags.hash_randomization, sys.flags.dev_mode)")
    process = lab.process(script, env={"PYTHONHASHSEED": "0", "PYTHONDEVMODE": "1"})
    assert not is_forked(process)
    assert asyncio.run(process.wait()) == 0
    assert process.output() == "0 True\n"


def test_without_a_server_it_is_a_new_interpreter(
    learner: Path, own_server: prefork.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = write(learner, "import os\nprint('once', os.getpid())")

    def runs_spawned() -> None:
        process = lab.process(script)
        assert not is_forked(process)
        assert asyncio.run(process.wait()) == 0
        time.sleep(0.2)  # for a fork that was called off
        assert process.output() == f"once {process.pid}\n"

    with monkeypatch.context() as patched:
        patched.setenv("WORKSHOP_PREFORK", "0")
        runs_spawned()
    with monkeypatch.context() as patched:
        patched.setattr(bodies, "_ANSWER", 0.2)
        own_server.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        runs_spawned()
        assert time.monotonic() - began < 10
        own_server.process.send_signal(signal.SIGCONT)
    assert ready_server() is own_server
    prefork.close()
    with monkeypatch.context() as patched:

        def fails() -> None:
            raise OSError("no more processes")

        patched.setattr(prefork, "Server", fails)
        forking.warm()  # no error
        runs_spawned()
    assert prefork.running() is None
