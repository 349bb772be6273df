"""A check that needs a server of its own, and does not get one, blames nobody's code."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from workshop.errors import ServerSilent
from workshop.exercises.fleet import project
from workshop.exercises.people import deadline
from workshop.lab.processes import ProcessError


def test_a_private_server_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> None:
        raise ProcessError("server ended (exit code 2)")

    monkeypatch.setattr(project, "TemporalServer", ended)
    bench: Any = SimpleNamespace(scope="x")
    with pytest.raises(ServerSilent, match="exit code 2"), project.own_server(bench):
        pass


async def test_a_test_server_gets_three_chances(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    async def late(**_: object) -> str:
        tries.append(1)
        if len(tries) % 4:
            raise RuntimeError("did not start within 5s")
        return "a server"

    monkeypatch.setattr(WorkflowEnvironment, "start_time_skipping", late)
    with pytest.raises(ServerSilent):
        await deadline._started()
    assert len(tries) == 3
    assert await deadline._started() == "a server"
