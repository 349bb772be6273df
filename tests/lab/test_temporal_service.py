"""The Temporal server: one that is there already, one elsewhere, and where there is no command line for it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.conftest import Place
from tests.lab.ended import gone
from workshop.lab import ports
from workshop.lab import services as lab_services
from workshop.lab.known_processes import end_processes
from workshop.lab.programs import temporal_cli
from workshop.lab.records import read_records
from workshop.lab.service import Name, ServiceError
from workshop.lab.temporal_service import temporal_host_and_port, temporal_problem
from workshop.settings import Settings

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")


def pids(place: Place) -> dict[Name, int]:
    return {name: record.pid for name, record in read_records(place.settings).items()}


def test_a_running_temporal_server_is_used_and_left(place: Place, services: Settings) -> None:
    settings = place.settings.model_copy(update={"temporal_address": services.temporal_address})
    report = lab_services.up(settings)
    assert report.temporal.state == "not ours"
    assert report.started == ["gateway"]
    # The look that works without the CLI finds the same.
    look = [sys.executable, "-m", "workshop.lab.dev_server", "check", settings.temporal_address]
    assert subprocess.run(look, timeout=30).returncode == 0
    assert lab_services.down(settings) == ["gateway"]
    assert temporal_problem(settings) is None


def test_a_server_elsewhere_is_only_checked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.invalid:7233")
    with pytest.raises(ServiceError, match=r"temporal\.invalid:7233 does not answer"):
        lab_services.up()
    assert pids(place) == {}


@posix
def test_the_holder_that_stands_in_for_the_cli(place: Place, tmp_path: Path) -> None:
    program = temporal_cli()
    if program is None:
        pytest.skip("no temporal CLI here")
    _, port = temporal_host_and_port(place.settings)
    command = [sys.executable, "-m", "workshop.lab.dev_server", "serve", "--port", str(port), "--ui-port"]
    command += [str(place.settings.ui_port), "--db-filename", str(tmp_path / "t.db"), "--cli", program]
    held = subprocess.Popen(command)
    deadline = time.monotonic() + 30
    while not ports.accepts(place.settings.ui_port) or temporal_problem(place.settings):
        assert time.monotonic() < deadline
        assert held.poll() is None
        time.sleep(0.05)
    children = psutil.Process(held.pid).children()
    end_processes([psutil.Process(held.pid)])
    assert children
    assert gone(held.pid)
    assert all(gone(child.pid) for child in children)
