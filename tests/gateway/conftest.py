"""What the gateway's tests share: one gateway for all of them, a scope for each, and a planner that obeys."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator

import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import RunningGateway, openai_client, running, scripted
from workshop.gateway import practice_mode


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway in practice mode; what a test does there stays in its scope."""
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found


@pytest.fixture
def scope(request: pytest.FixtureRequest) -> str:
    """A scope of this test's own."""
    return "t" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]


@pytest.fixture
async def client(gateway: RunningGateway, scope: str) -> AsyncIterator[AsyncOpenAI]:
    """The real client, in this test's scope."""
    async with openai_client(gateway.base(scope)) as made:
        yield made


@pytest.fixture
def scripted_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the protocol: the model does what the last message says."""
    monkeypatch.setattr(practice_mode, "plan", scripted)
