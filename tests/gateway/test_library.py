"""The library through the tool that asks it."""

from __future__ import annotations

import pytest

from tests.gateway.gateway_servers import RunningGateway
from workshop.tools import ServiceError
from workshop.tools.library import search_library


@pytest.fixture(autouse=True)
def here(gateway: RunningGateway, scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads the tool to this test's scope."""
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(gateway.port))
    monkeypatch.setenv("WORKSHOP_SCOPE", scope)


async def test_the_tool(gateway: RunningGateway, scope: str) -> None:
    told = (await search_library("fish ladders")).splitlines()
    assert len(told) == 1
    assert told[0].startswith("Fish ladders. A fish ladder is a row of small pools")
    assert len((await search_library("rivers and dams")).splitlines()) == 3
    assert await search_library("xyzzy") == 'The library has no article about "xyzzy".'
    with pytest.raises(ValueError, match="empty"):
        await search_library("  ")
    assert gateway.meter(scope)["services"]["library"] == 3


async def test_the_archives_are_closed(gateway: RunningGateway, scope: str) -> None:
    with pytest.raises(ValueError, match="The archives are closed to the public"):
        await search_library("archives about bridges")


async def test_the_tool_when_the_library_is_closed(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "library", "server_error", calls=1)
    with pytest.raises(ServiceError, match="The library answered 500"):
        await search_library("bees")
    gateway.fault(scope, "library", "garbage", calls=1)
    with pytest.raises(ServiceError, match="cannot be read"):
        await search_library("bees")
    gateway.fault(scope, "library", "refuse", calls=1)
    with pytest.raises(ServiceError, match="cannot be reached"):
        await search_library("bees")
