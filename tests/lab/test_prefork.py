"""The fork server: one for all, with one thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.forks import by_fork, ready_server
from workshop.checks import runner
from workshop.lab import forking, prefork

pytestmark = [by_fork, pytest.mark.usefixtures("learner", "forking")]


def test_one_server_for_processes_and_checks_and_it_has_one_thread() -> None:
    server = ready_server()
    runner.warm()
    assert ready_server() is server is runner.runner()._server  # type: ignore[attr-defined]
    assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) == 1
    forking.warm()
    assert prefork.running() is server
