"""What the tests stand on: settings of their own for the whole session, and real services for those that ask.

The environment is set before anything is collected, so that no test, kernel or child process ever meets the
state, the ports or the key of the person who runs them. Under ``python -m tests.with_services`` the services
are there already, and all workers of pytest-xdist use the same; else a session starts its own when needed.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.with_services import SHARED, private_environment, variables_of_the_user
from workshop import settings as workshop_settings
from workshop.lab import services as lab_services
from workshop.lab.records import read_records
from workshop.settings import Settings

if TYPE_CHECKING:
    from xdist.remote import Producer

    from tests.transfer_bank import Bank


class PrivateLab:
    """A state directory and ports of this session's own; the services start when the first test asks."""

    def __init__(self) -> None:
        self.state_dir = Path(tempfile.mkdtemp(prefix="workshop-tests-"))
        self.environment = private_environment(self.state_dir)
        self.before: dict[str, str | None] = dict.fromkeys(self.environment)
        self.running = False

    def enter(self) -> None:
        for variable in variables_of_the_user():
            self.before[variable] = os.environ.pop(variable)
        os.environ.update(self.environment)

    def start(self) -> Settings:
        settings = workshop_settings.load(self.environment)
        if not self.running:
            self.running = True  # also if only one of them starts
            lab_services.up(settings)
        return settings

    def leave(self) -> None:
        if self.running:
            lab_services.down(workshop_settings.load(self.environment))
        for variable, value in self.before.items():
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = value
        shutil.rmtree(self.state_dir, ignore_errors=True)


_KEY = pytest.StashKey[PrivateLab]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole-lessons", action="store_true", help="run each cell of the unsolved notebooks")


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts what it puts into the background like this, and what tests start would not hear Ctrl-C either.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if SHARED not in os.environ:
        config.stash[_KEY] = PrivateLab()
        config.stash[_KEY].enter()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _KEY in config.stash:
        config.stash[_KEY].leave()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins."""
    items.sort(key=_rank)


NOTEBOOKS = "tests/test_notebooks.py"
_LONGEST = ("tests/prove/", "solutions/", "tests/browser/", NOTEBOOKS)


def _rank(item: pytest.Item) -> int:
    found = [n for n, start in enumerate(_LONGEST) if item.nodeid.startswith(start)]
    return found[0] if found else len(_LONGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """As ``--dist loadfile`` has it, but each notebook is a file of its own."""
    return _ByFile(config, log)


class _ByFile(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(f"{NOTEBOOKS}::") else super()._split_scope(nodeid)


def shared_services(config: pytest.Config) -> Settings:
    """The settings of a running gateway and Temporal server, which all tests of the session share."""
    if SHARED in os.environ:
        return workshop_settings.load()
    return config.stash[_KEY].start()


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Settings:
    """As :func:`shared_services` says."""
    return shared_services(request.config)


@dataclass(frozen=True)
class Place:
    """A place for services that one test starts and ends itself."""

    settings: Settings
    environment: dict[str, str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A state directory and ports of one test's own, also in the environment; what is left running ends."""
    environment = private_environment(tmp_path / "state")
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    settings = workshop_settings.load()
    yield Place(settings, environment)
    for record in read_records(settings).values():
        # Nothing in it is worth the second that ending in order takes.
        if process := record.process():
            process.kill()
    lab_services.down(settings)


@pytest.fixture
async def bank(services: Settings, tmp_path: Path) -> AsyncIterator[Bank]:
    """A bank of one test's own, at which nobody works."""
    from tests.transfer_bank import Bank

    here = Bank(tmp_path, services.temporal_address)
    await here.connect()
    yield here
    here.close()


@pytest.fixture(scope="session")
def staffed(services: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """The bank behind ``open_bank``."""
    from tests.transfer_bank import Bank

    here = Bank(tmp_path_factory.mktemp("bank"), services.temporal_address)
    here.worker()
    yield here
    here.close()


@pytest.fixture
async def open_bank(staffed: Bank) -> AsyncIterator[Bank]:
    """A bank with a worker, shared by all tests that kill none."""
    await staffed.connect()
    yield staffed
    for fault in ("closed", "slow"):
        staffed.mend(fault)
