"""The services behind the tools, stood in for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from tests.tools.stand_in import StandIn


@pytest.fixture
async def stand_in(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    here = StandIn()
    app = Starlette(routes=[Route("/{path:path}", here.reply)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    for service in ("weather", "ip", "geo"):
        monkeypatch.setenv(f"WORKSHOP_{service.upper()}_URL", f"http://127.0.0.1:{port}/{service}/")
    yield here
    server.should_exit = True
    await task
