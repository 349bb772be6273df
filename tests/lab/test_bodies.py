"""A forked process, its keeper and its server: nobody depends on anybody."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.forks import by_fork, is_forked, keeper_of, ready_server
from tests.lab.ended import gone
from tests.lab.learner_scripts import SLEEPER, write
from workshop import lab
from workshop.lab import forking, prefork
from workshop.lab.bodies import Forked
from workshop.lab.run import Told

pytestmark = [by_fork, pytest.mark.usefixtures("learner")]


@pytest.mark.usefixtures("forking")
def test_a_script_that_ends_at_once_runs_once(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Forked._heard

    def hear_late(forked: Forked) -> Told:
        time.sleep(0.5)
        return heard(forked)

    monkeypatch.setattr(Forked, "_heard", hear_late)
    process = lab.process(write(learner, "print('once')\nraise SystemExit(3)"))
    assert is_forked(process)
    assert asyncio.run(process.wait()) == 3
    assert process.output() == "once\n"


@pytest.mark.usefixtures("forking")
def test_a_process_whose_keeper_is_killed_is_killed(learner: Path) -> None:
    process = lab.process(write(learner, SLEEPER), ready="ready")
    keeper_of(process).kill()
    assert asyncio.run(process.wait()) == -signal.SIGKILL
    assert gone(process.pid)
    process.kill()  # no error


def test_nobody_depends_on_the_server(
    learner: Path, own_server: prefork.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = write(learner, SLEEPER)
    server = own_server
    killed = lab.process(script, name="killed", ready="ready")
    stopped = lab.process(script, name="stopped", ready="ready")
    left = lab.process(write(learner, "import time\ntime.sleep(1)\nraise SystemExit(7)", "left.py"))
    assert is_forked(killed)
    keepers = [keeper_of(one).pid for one in (killed, stopped, left)]
    server.process.kill()
    assert gone(server.process.pid)
    killed.kill()
    assert (killed.running, killed.returncode) == (False, -signal.SIGKILL)
    assert not psutil.pid_exists(killed.pid)
    stopped.stop()
    assert stopped.returncode == 130
    assert asyncio.run(left.wait()) == 7
    assert all(gone(pid) for pid in keepers)
    monkeypatch.setattr(forking, "_warmed", False)
    again = lab.process(script, ready="ready")  # while the next server imports
    assert again.running
    assert not is_forked(again)
    monkeypatch.setattr(forking, "_PATIENCE", 100.0)
    monkeypatch.setattr(forking, "_warmed", True)
    assert is_forked(again.restart())  # waits for it
    assert ready_server() is not server
