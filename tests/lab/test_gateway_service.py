"""Real services: started, found again, ended. Each test has a state directory and ports of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
from typer.testing import CliRunner

from tests.conftest import Place
from workshop import lab
from workshop import settings as workshop_settings
from workshop.__main__ import app
from workshop.errors import LabError
from workshop.lab import ports, services, session
from workshop.lab.gateway_client import GatewayClient, GatewayError

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")


def pids(place: Place) -> dict[services.Name, int]:
    return {name: record.pid for name, record in services.read_records(place.settings).items()}


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(pid: int, timeout: float = 10.0) -> bool:
    deadline = time.monotonic() + timeout
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


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


def test_up_and_down(place: Place) -> None:
    said: list[str] = []
    report = services.up(place.settings, say=said.append)
    assert report.started == ["temporal", "gateway"]
    assert report.mode == "practice"
    assert [line.split(":")[0] for line in sorted(said)] == ["Gateway", "Temporal server"]
    assert services.temporal_problem(place.settings) is None
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


def test_a_running_temporal_server_is_used_and_left(place: Place, tmp_path: Path) -> None:
    program = services.temporal_cli()
    if program is None:
        pytest.skip("no temporal CLI here")
    _, port = services.temporal_host_and_port(place.settings)
    own = subprocess.Popen(
        [program, "server", "start-dev", "--port", str(port), "--headless", "--ip", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while not ports.accepts(port) or services.temporal_problem(place.settings):
            assert time.monotonic() < deadline
        report = services.up(place.settings)
        assert report.temporal.state == "not ours"
        assert report.started == ["gateway"]
        # The look that works without the CLI finds the same.
        look = [sys.executable, "-m", "workshop.lab.dev_server", "check", place.settings.temporal_address]
        assert subprocess.run(look, timeout=30).returncode == 0
        assert services.down(place.settings) == ["gateway"]
        assert own.poll() is None
    finally:
        own.kill()
        own.wait()


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
    with pytest.raises(services.ServiceError) as caught:
        services.up()
    message = str(caught.value)
    assert str(port) in message
    assert f"pid {os.getpid()}" in message
    assert variable in message
    assert pids(place) == {}


def test_another_copys_gateway_is_told(place: Place, tmp_path: Path) -> None:
    services.up(place.settings)
    other = place.settings.model_copy(
        update={
            "state_dir": tmp_path / "other",
            "temporal_address": f"127.0.0.1:{ports.free_port()}",
            "ui_port": ports.free_port(),
        }
    )
    with pytest.raises(services.ServiceError, match=r"another copy of this course \(pid \d+\)"):
        services.up(other)
    with GatewayClient.for_scope(settings=other) as client, pytest.raises(GatewayError, match="another copy"):
        client.meter()


@posix
def test_after_a_crash(place: Place) -> None:
    services.up(place.settings)
    crashed = pids(place)
    for pid in crashed.values():
        os.kill(pid, signal.SIGKILL)
    assert all(gone(pid) for pid in crashed.values())
    assert silent(place.settings)
    report = services.up(place.settings)
    assert report.started == ["temporal", "gateway"]
    assert not set(pids(place).values()) & set(crashed.values())

    crashed = pids(place)
    for pid in crashed.values():
        os.kill(pid, signal.SIGKILL)
    assert all(gone(pid) for pid in crashed.values())
    said: list[str] = []
    assert services.down(place.settings, say=said.append) == []
    assert len([line for line in said if "was gone already" in line]) == 2


def test_somebody_else_with_the_same_pid_is_left_alone(place: Place) -> None:
    records = place.settings.state_dir / "services.json"
    records.parent.mkdir(parents=True, exist_ok=True)
    record = {"pid": os.getpid(), "started_at": psutil.Process().create_time() - 100, "port": 1}
    records.write_text(json.dumps({"gateway": record}))
    assert services.down(place.settings) == []  # and this process is still here to say so
    records.write_text("{ half a file")
    assert services.down(place.settings) == []


@posix
def test_mode_and_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    services.up(place.settings)
    before = pids(place)
    monkeypatch.setenv("WORKSHOP_MODE", "auto")
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-real-secret")
    live = workshop_settings.load()

    # A notebook leaves a gateway alone that differs only by its own environment.
    assert services.up(live, keep_mode=True).mode == "practice"
    assert pids(place) == before

    report = services.up(live)
    assert (report.gateway.state, report.temporal.state) == ("restarted", "already running")
    assert report.mode == "live"
    assert pids(place)["temporal"] == before["temporal"]
    assert psutil.Process(pids(place)["gateway"]).environ()["OPENAI_API_KEY"] == "not-a-real-secret"
    assert "OPENAI_API_KEY" not in psutil.Process(pids(place)["temporal"]).environ()
    written = [path for path in place.settings.state_dir.rglob("*") if path.is_file()]
    assert not [path for path in written if b"not-a-real-secret" in path.read_bytes()]

    monkeypatch.delenv("OPENAI_API_KEY")
    assert services.up(keep_mode=True).mode == "live"  # a kernel, to which the key was never given
    assert services.up().mode == "practice"


def test_a_key_of_the_environment_outlives_the_first_start(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted: list[workshop_settings.Settings] = []

    def up(settings: workshop_settings.Settings, **_: object) -> services.Report:
        wanted.append(settings)
        here = services.Service("gateway", "started", settings.gateway_url)
        return services.Report(here, here, settings.mode, 0.0)

    monkeypatch.setattr(services, "up", up)
    monkeypatch.setattr(session, "send_traces_to_gateway", lambda: None)
    monkeypatch.setattr(session, "_exported", {})
    monkeypatch.setattr(session, "_scope", None)
    for variable, value in {
        "WORKSHOP_MODE": "auto",
        "OPENAI_API_KEY": "not-a-real-secret",
        "OPENAI_BASE_URL": "https://models.example/v1",
        **dict.fromkeys(("WORKSHOP_SCOPE", "OPENAI_DEFAULT_MODEL"), ""),
    }.items():
        monkeypatch.setenv(variable, value)
    session.start()
    session.start()
    for settings in wanted:
        assert settings.openai_api_key is not None
        assert settings.openai_api_key.get_secret_value() == "not-a-real-secret"
        assert (settings.mode, settings.openai_base_url) == ("live", "https://models.example/v1")
    # It is where only the gateway's environment is made from, and nowhere that shows it.
    assert len(wanted) == 2
    assert os.environ["OPENAI_API_KEY"] == place.settings.gateway_token()
    assert "not-a-real-secret" not in str(dict(os.environ)) + repr(vars(session)) + "".join(
        capsys.readouterr()
    )


def test_a_server_elsewhere_is_only_checked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.invalid:7233")
    with pytest.raises(services.ServiceError, match=r"temporal\.invalid:7233 does not answer"):
        services.up()
    assert pids(place) == {}


@posix
def test_the_holder_that_stands_in_for_the_cli(place: Place, tmp_path: Path) -> None:
    program = services.temporal_cli()
    if program is None:
        pytest.skip("no temporal CLI here")
    _, port = services.temporal_host_and_port(place.settings)
    command = [sys.executable, "-m", "workshop.lab.dev_server", "serve", "--port", str(port), "--ui-port"]
    command += [str(place.settings.ui_port), "--db-filename", str(tmp_path / "t.db"), "--cli", program]
    held = subprocess.Popen(command)
    deadline = time.monotonic() + 30
    while not ports.accepts(place.settings.ui_port) or services.temporal_problem(place.settings):
        assert time.monotonic() < deadline
        assert held.poll() is None
    children = psutil.Process(held.pid).children()
    services.end_processes([psutil.Process(held.pid)])
    assert children
    assert gone(held.pid)
    assert all(gone(child.pid) for child in children)


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


async def test_faults_and_meter(
    services: workshop_settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_SCOPE", "faults-of-a-notebook")
    url = f"{services.scope_url('faults-of-a-notebook')}/ip/"
    async with httpx2.AsyncClient(trust_env=False) as http:
        with lab.fault("ip", "server_error", after=1) as fault:
            assert (await http.get(url)).status_code == 200
            with pytest.raises(lab.LabTimeout, match="the fault had hit 0 of 1 calls"):
                await fault.hit(timeout=0.1)
            assert (await http.get(url)).status_code == 500
            await fault.hit(timeout=5)
            assert fault.hits == 1
        assert (await http.get(url)).status_code == 200
        lab.fault("any", "status", status=418)
        assert (await http.get(url)).status_code == 418
        lab.clear_faults()
        assert (await http.get(url)).status_code == 200
    assert lab.meter().services["ip"] == 5
    assert [call.fault for call in lab.meter().calls] == [None, "server_error", None, "status", None]
    lab.reset_meter()
    assert lab.meter().calls == []
    with pytest.raises(lab.LabError, match=r"lab\.fault: status"):
        lab.fault("ip", "status", status=200)


def test_no_gateway_is_told(place: Place) -> None:
    client = GatewayClient.for_scope(settings=place.settings)
    with client, pytest.raises(GatewayError, match="python -m workshop up"):
        client.health()


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


@pytest.mark.parametrize("kind", ["a file", "below a file", "cannot be made"])
def test_a_state_directory_that_is_none(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "cannot be made" and sys.platform != "linux":
        pytest.skip("no /proc, in which not even root can make a directory")
    (tmp_path / "file").touch()
    state = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "state"}
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(state.get(kind, Path("/proc/state"))))
    for command in ("up", "down", "lab", "status", "doctor"):
        told = CliRunner().invoke(app, [command])
        assert told.exit_code == 1, command
        assert told.exception is None or isinstance(told.exception, SystemExit), command
        lines = [line for line in told.output.splitlines() if "WORKSHOP_STATE_DIR" in line]
        assert len(lines) == 1
        assert "is not a directory" in lines[0] or "cannot be written" in lines[0]
        assert command == "doctor" or told.output.splitlines() == lines
    with pytest.raises(LabError, match="WORKSHOP_STATE_DIR"):
        services.up()
