"""Real services: started, found again, ended. Each test has a state directory and ports of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import psutil
import pytest

from tests.conftest import Place
from tests.lab.ended import alive, gone
from workshop import settings as workshop_settings
from workshop.errors import LabError
from workshop.lab import ports, services
from workshop.lab.records import read_records
from workshop.lab.service import Name, ServiceError
from workshop.lab.temporal_service import temporal_problem


def pids(place: Place) -> dict[Name, int]:
    return {name: record.pid for name, record in read_records(place.settings).items()}


def silent(settings: workshop_settings.Settings, timeout: float = 10.0) -> bool:
    """Whether nothing listens any more: the threads of a killed process may hold its ports a moment longer."""
    deadline = time.monotonic() + timeout
    places = (int(settings.temporal_address.rpartition(":")[2]), settings.ui_port, settings.gateway_port)
    while any(ports.accepts(port) for port in places):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def cli(*arguments: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workshop", *arguments], capture_output=True, text=True, timeout=timeout
    )


def test_up_again_after_a_crash_and_down(place: Place) -> None:
    said: list[str] = []
    report = services.up(place.settings, say=said.append)
    assert report.started == ["temporal", "gateway"]
    assert report.mode == "practice"
    assert [line.split(":")[0] for line in sorted(said)] == ["Gateway", "Temporal server"]
    assert temporal_problem(place.settings) is None
    assert httpx2.get(place.settings.temporal_ui_url, trust_env=False, follow_redirects=True).is_success
    assert httpx2.get(f"{place.settings.gateway_url}/health", trust_env=False).json()["mode"] == "practice"

    first = pids(place)
    for pid in first.values():
        for connection in psutil.Process(pid).net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip == "127.0.0.1"

    again = services.up(place.settings)
    assert again.started == []
    assert pids(place) == first

    if sys.platform != "win32":
        for pid in first.values():
            os.kill(pid, signal.SIGKILL)
        assert all(gone(pid) for pid in first.values())
        assert silent(place.settings)
        assert services.up(place.settings).started == ["temporal", "gateway"]
        crashed, first = first, pids(place)
        assert not set(first.values()) & set(crashed.values())

    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert sorted(services.down(place.settings, say=said.append)) == ["gateway", "temporal"]
    assert not any(alive(pid) for pid in first.values())
    assert ports.is_free(place.settings.gateway_port)
    assert bystander.poll() is None
    bystander.communicate()
    assert not (place.settings.state_dir / "services.json").exists()
    assert services.down(place.settings) == []
    assert (place.settings.state_dir / "temporal.db").stat().st_size > 0


def test_two_starters_start_once(place: Place) -> None:
    commands = [
        subprocess.Popen([sys.executable, "-m", "workshop", "up"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [command.communicate(timeout=60)[0] for command in commands]
    assert [command.returncode for command in commands] == [0, 0]
    assert sum("ready at" in output for output in outputs) == 1
    assert sum("already running" in output for output in outputs) == 1


@pytest.fixture
def squatter() -> Iterator[socket.socket]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


@pytest.mark.parametrize(
    ("variable", "form"),
    [("WORKSHOP_GATEWAY_PORT", "{}"), ("WORKSHOP_UI_PORT", "{}"), ("TEMPORAL_ADDRESS", "127.0.0.1:{}")],
)
def test_a_taken_port_is_told_and_nothing_is_started(
    place: Place, squatter: socket.socket, monkeypatch: pytest.MonkeyPatch, variable: str, form: str
) -> None:
    port = squatter.getsockname()[1]
    monkeypatch.setenv(variable, form.format(port))
    with pytest.raises(ServiceError) as caught:
        services.up()
    message = str(caught.value)
    assert str(port) in message
    assert f"pid {os.getpid()}" in message
    assert variable in message
    assert pids(place) == {}


def test_a_service_that_dies_at_once_is_told_and_the_other_ended(place: Place) -> None:
    place.settings.state_dir.mkdir(parents=True)
    (place.settings.state_dir / "temporal.db").write_text(
        "this is not a database, and long enough to tell" * 50
    )
    with pytest.raises(LabError) as caught, services.ended_afterwards(place.settings):
        services.up(place.settings)
    assert "Temporal server: ended (exit code 1) before it was ready" in str(caught.value)
    assert "temporal.log" in str(caught.value)
    assert services.status(place.settings) == {"temporal": False, "gateway": False}


def test_the_commands_tell_without_a_traceback(
    place: Place, squatter: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(squatter.getsockname()[1]))
    refused = cli("up")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", "many")
    refused = cli("up")
    assert refused.returncode == 1
    assert refused.stderr.startswith("WORKSHOP_GATEWAY_PORT")
