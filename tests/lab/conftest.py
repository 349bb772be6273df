"""A learner's notebook directory, and the two ways in which its processes come to be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forks import ready_server
from tests.transfer_bank import Bank
from workshop.lab import bodies, prefork, processes, session
from workshop.lab import forking as lab_forking


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A notebook's directory, with a ``my`` package; whatever a test starts there is ended."""
    session.forget_my_modules()  # a test before this one, elsewhere, may have imported some of another folder
    session.make_package(tmp_path / "my", "first")
    monkeypatch.chdir(tmp_path)
    yield tmp_path / "my" / "first"
    processes.end_all()
    session.forget_my_modules()


@pytest.fixture
def hired(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    """A bank at which nobody works yet, and whose folder is that of the notebook."""
    monkeypatch.chdir(bank.folder)
    yield bank
    processes.end_all()


@pytest.fixture
def own_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory of one test's own, whose logs are numbered from the first."""
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(processes, "_logs", {})
    return tmp_path / "state" / "logs"


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has processes forked, not started as new interpreters because the server is not ready, or slow to answer."""
    ready_server()
    monkeypatch.setattr(bodies, "_ANSWER", 60.0)


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[prefork.Server]:
    """A fork server of one test's own, which it may end: it imports only what takes a moment.

    The one that the other tests share is there again afterwards.
    """
    monkeypatch.setattr(prefork, "_server", None)
    monkeypatch.setattr(lab_forking, "_PRELOAD", ("temporalio.worker", "workshop.lab.run"))
    monkeypatch.setattr(bodies, "_ANSWER", 60.0)
    yield ready_server()
    prefork.close()


@pytest.fixture(params=["forked", "spawned"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test once for each way in which a process comes to be."""
    if request.param == "spawned":
        monkeypatch.setenv("WORKSHOP_PREFORK", "0")
    elif sys.platform == "linux":
        request.getfixturevalue("forking")
    else:
        pytest.skip("only on Linux are processes forked")
