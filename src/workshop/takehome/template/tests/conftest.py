"""What the tests share: a Temporal server, the world outside, and workers that can be killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from tests.outside import Outside
from tests.processes import Workers, dev_server
from tests.project import PLUGINS


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with dev_server() as address:
        yield address


@pytest.fixture(scope="session")
def outside() -> Iterator[Outside]:
    world = Outside()
    yield world
    world.close()


@pytest.fixture
def workers(server: str, outside: Outside, tmp_path: Path) -> Iterator[Workers]:
    found = Workers(outside.environment | {"TEMPORAL_ADDRESS": server}, tmp_path)
    yield found
    found.close()
    print(found.log.read_text(errors="replace")[-4000:])  # pytest shows it where a test fails


@pytest.fixture
async def client(server: str) -> Client:
    return await Client.connect(server, plugins=PLUGINS)
