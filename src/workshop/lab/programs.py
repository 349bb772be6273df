"""The two services behind every lesson: Temporal's dev server and the gateway.

:func:`up` starts what is not running yet, :func:`down` ends what :func:`up` started. What was started is
written to ``services.json`` in the state directory with its process id *and* the time it started, so that a
process that merely got the same id later is never taken for ours.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psutil
from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from workshop import settings as workshop_settings
from workshop.errors import LabError
from workshop.lab import ports
from workshop.lab.dev_server import cli_command
from workshop.lab.gateway_client import REQUEST_TIMEOUT, GatewayClient, GatewayError
from workshop.settings import LOOPBACK, Mode, Settings

Name = Literal["temporal", "gateway", "jupyter"]
State = Literal["started", "restarted", "already running", "not ours"]
Say = Callable[[str], None]

TITLES: dict[Name, str] = {"temporal": "Temporal server", "gateway": "Gateway", "jupyter": "JupyterLab"}

START_TIMEOUT = 60.0
"""Seconds in which a service must answer; it takes one or two, more on a busy machine."""

DOWNLOAD_TIMEOUT = 300.0
"""The same where the SDK must first download the CLI."""

STOP_TIMEOUT = 10.0
"""Seconds a service gets to end in order before it is killed; the dev server takes about one."""

_LOOK_EVERY = 0.02
_STRANGER_TIMEOUT = 2.0  # seconds that whatever holds a port gets to prove what it is
# Seconds; psutil reckons a process's start from the boot time, which a change of the clock can shift.
_SAME_START = 1.0


class ServiceError(LabError):
    """A service could not be started, or something else is in its place."""


class Record(BaseModel):
    """One process that was started here, and what would make it the wrong one now."""

    pid: int
    started_at: float
    port: int
    settings_digest: str = ""
    file_digest: str = ""
    owner_pid: int | None = None
    owner_started_at: float | None = None

    def process(self) -> psutil.Process | None:
        """The process itself, None if it has ended (its id may be somebody else's by now)."""
        return _same_process(self.pid, self.started_at)

    def owner_lives(self) -> bool:
        """Whether the command that started it for itself (``lab``) still runs."""
        if self.owner_pid is None or self.owner_started_at is None:
            return False
        return _same_process(self.owner_pid, self.owner_started_at) is not None


@dataclass(frozen=True)
class Service:
    """What :func:`up` found or did about one service."""

    name: Name
    state: State
    address: str


@dataclass(frozen=True)
class Report:
    """What :func:`up` found or did. ``seconds``: how long it took."""

    temporal: Service
    gateway: Service
    mode: Mode
    seconds: float

    @property
    def started(self) -> list[Name]:
        """The services that this call started."""
        return [s.name for s in (self.temporal, self.gateway) if s.state in ("started", "restarted")]


@dataclass
class _Start:
    # One service being started: what to wait for, and where to look if it dies.
    name: Name
    process: subprocess.Popen[bytes]
    log: Path
    answers: Callable[[], bool]
    ready_line: str
    began: float = field(default_factory=time.monotonic)
    timeout: float = START_TIMEOUT


def up(settings: Settings | None = None, say: Say | None = None, *, keep_mode: bool = False) -> Report:
    """Start what is not running, wait until it answers. Calling it again changes nothing.

    Args:
        settings: What to start where; read afresh unless given.
        say: Is told each step in one line.
        keep_mode: Leave a running gateway as it is even if this process's environment asks for another mode
            or upstream, as long as ``.env`` has not changed since. For notebooks: a key exported in the shell
            that ran ``python -m workshop lab`` is not in a kernel's environment.

    Raises:
        ServiceError: a port is taken by something else, or a service did not start.
    """
    settings = settings or workshop_settings.load()
    say = say or _silent
    began = time.monotonic()
    with _locked(settings):
        records = read_records(settings)
        temporal = _look_at_temporal(settings, records.get("temporal"), say)
        gateway = _look_at_gateway(settings, records.get("gateway"), say, keep_mode)
        # Only now, when nothing is in the way of either, and both at once.
        starts: list[_Start] = []
        if gateway.state in ("started", "restarted"):
            starts.append(_spawn_gateway(settings))
            records["gateway"] = _record(starts[-1].process.pid, settings.gateway_port)
            records["gateway"].settings_digest = _digest(settings)
            records["gateway"].file_digest = _file_digest(settings)
        if temporal.state in ("started", "restarted"):
            starts.append(_spawn_temporal(settings))
            records["temporal"] = _record(starts[-1].process.pid, settings.ui_port)
        # Written before they answer: should this process die now, down() still finds them.
        _write_records(settings, records)
        _await_starts(starts, say)
        with _client(settings) as client:
            mode = client.health().mode
    return Report(temporal, gateway, mode, time.monotonic() - began)


def down(
    settings: Settings | None = None, say: Say | None = None, only: list[Name] | None = None
) -> list[Name]:
    """End the processes that :func:`up` started and forget them.

    Args:
        settings: Which state directory to look in; read afresh unless given.
        say: Is told each step in one line.
        only: Leave the others alone.

    Returns:
        What was running and has been ended.
    """
    settings = settings or workshop_settings.load()
    say = say or _silent
    with _locked(settings):
        records = read_records(settings)
        chosen: list[Name] = [name for name in records if only is None or name in only]
        if only is None and "jupyter" in chosen and records["jupyter"].owner_lives():
            say("JupyterLab runs on: end it where `python -m workshop lab` runs, with Ctrl-C.")
            chosen.remove("jupyter")
        living: dict[Name, psutil.Process] = {}
        for name in chosen:
            process = records[name].process()
            if process is None:
                say(f"{TITLES[name]}: was gone already (pid {records[name].pid}).")
            else:
                living[name] = process
        end_processes(list(living.values()))
        for name, process in living.items():
            say(f"{TITLES[name]}: ended (pid {process.pid}).")
        for name in chosen:
            del records[name]
        _write_records(settings, records)
    return list(living)


@contextmanager
def ended_afterwards(settings: Settings, say: Say | None = None) -> Iterator[None]:
    """End, after the block, the services that were started within it; also if one of them failed to start."""
    before = {name for name, record in read_records(settings).items() if record.process()}
    try:
        yield
    finally:
        down(settings, say, only=[name for name in read_records(settings) if name not in before])


def status(settings: Settings | None = None) -> dict[Name, bool]:
    """Tell for each service whether something answers at its address."""
    settings = settings or workshop_settings.load()
    host, port = temporal_host_and_port(settings)
    return {"temporal": ports.accepts(port, host), "gateway": _health(settings) is not None}


def state_dir_problem(state_dir: Path) -> str | None:
    """Say why nothing can be kept in the state directory, None if it can; makes nothing that stays."""
    place = state_dir
    while not os.path.lexists(place):
        place = place.parent
    if not os.path.isdir(place):
        return f"{place} is not a directory"
    try:
        # Tried, for the mode bits do not tell: a disk can be mounted read-only, and root may write anywhere.
        with tempfile.TemporaryFile(dir=place):
            return None
    except OSError as error:
        return f"{place} cannot be written: {error.strerror}"


def need_state_dir(settings: Settings) -> None:
    """Make the state directory.

    Raises:
        ServiceError: it cannot be made, or not be written.
    """
    problem = state_dir_problem(settings.state_dir)
    if problem is None:
        try:
            settings.state_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = f"{settings.state_dir} cannot be made: {error.strerror}"
    if problem is not None:
        raise ServiceError(
            f"The course cannot keep its state ({problem}). "
            "Set WORKSHOP_STATE_DIR (in .env, say) to a directory that can be written."
        )


def temporal_host_and_port(settings: Settings) -> tuple[str, int]:
    """Split the Temporal address."""
    host, _, port = settings.temporal_address.rpartition(":")
    return host.strip("[]"), int(port)


def temporal_is_local(settings: Settings) -> bool:
    """Whether the Temporal address is on this machine; a server elsewhere is checked, never started."""
    return settings.temporal_is_local


def temporal_cli() -> str | None:
    """Where the ``temporal`` program is: beside this Python, or on PATH."""
    beside = shutil.which("temporal", path=str(Path(sys.executable).parent))
    return beside or shutil.which("temporal")


def time_skipping_server() -> str | None:
    """Where the server for tests is, whose time can be skipped.

    For ``WorkflowEnvironment.start_time_skipping(test_server_existing_path=...)``. None where the course has none
    to install, as on Windows: with None, Temporal's SDK downloads its own.
    """
    beside = shutil.which("temporal-test-server", path=str(Path(sys.executable).parent))
    return beside or shutil.which("temporal-test-server")


def read_records(settings: Settings) -> dict[Name, Record]:
    """Read what was started here; a file that cannot be read counts as none."""
    try:
        stored = json.loads(_records_file(settings).read_text())
        return {name: Record.model_validate(stored[name]) for name in TITLES if name in stored}
    except (OSError, ValueError, TypeError, ValidationError):
        return {}


@contextmanager
def recorded_jupyter(settings: Settings, pid: int) -> Iterator[None]:
    """Keep JupyterLab's process on record while ``lab`` runs, so that ``down`` can end it after a crash."""
    with _locked(settings):
        records = read_records(settings)
        record = _record(pid, settings.jupyter_port)
        record.owner_pid = os.getpid()
        record.owner_started_at = psutil.Process().create_time()
        records["jupyter"] = record
        _write_records(settings, records)
    try:
        yield
    finally:
        with _locked(settings):
            records = read_records(settings)
            if "jupyter" in records and records["jupyter"].pid == pid:
                del records["jupyter"]
                _write_records(settings, records)


def environment_without_keys() -> dict[str, str]:
    """This process's environment without any OpenAI key, for a process that has no need of one."""
    return {
        variable: value
        for variable, value in os.environ.items()
        if not (variable.startswith("OPENAI_") and "KEY" in variable)
    }


def environment_of_temporal() -> dict[str, str]:
    """The same without the settings of another Temporal server, for a server on this machine.

    A profile or key meant for a cloud server would be sent to this one.
    """
    return {
        variable: value
        for variable, value in environment_without_keys().items()
        if not variable.startswith("TEMPORAL_")
    }


def port_taken(port: int, what: str, variable: str) -> ServiceError:
    """Say who is in the way and what to do about it."""
    return ServiceError(
        f"{what} needs port {port}, which is held by {ports.holder(port) or 'another program'}. "
        f"End that program, or set {variable} (in .env, say) to a free port."
    )


# Temporal


def _look_at_temporal(settings: Settings, record: Record | None, say: Say) -> Service:
    address = settings.temporal_address
    if not temporal_is_local(settings):
        problem = temporal_problem(settings)
        if problem:
            raise ServiceError(
                f"The Temporal server at {address} does not answer ({problem}). "
                "Check TEMPORAL_ADDRESS, or unset it to use a server on this machine."
            )
        say(f"Temporal server: answers at {address} (not started from here).")
        return Service("temporal", "not ours", address)

    host, port = temporal_host_and_port(settings)
    running = record.process() if record else None
    state: State = "started"
    if record and running:
        if record.port == settings.ui_port and ports.accepts(port, host) and not temporal_problem(settings):
            say(f"Temporal server: already running at {address}.")
            return Service("temporal", "already running", address)
        say("Temporal server: does not answer there any more; starting it again ...")
        end_processes([running])
        state = "restarted"
    elif ports.accepts(port, host):
        if temporal_problem(settings, _STRANGER_TIMEOUT):
            raise port_taken(port, "The Temporal server", "TEMPORAL_ADDRESS")
        say(f"Temporal server: already running at {address} (not started from here).")
        return Service("temporal", "not ours", address)
    if not ports.is_free(port):
        raise port_taken(port, "The Temporal server", "TEMPORAL_ADDRESS")
    if not ports.is_free(settings.ui_port):
        raise port_taken(settings.ui_port, "Temporal's Web UI", "WORKSHOP_UI_PORT")
    return Service("temporal", state, address)


def _spawn_temporal(settings: Settings) -> _Start:
    _, port = temporal_host_and_port(settings)
    cli = temporal_cli()
    file = str(settings.state_dir / "temporal.db")
    if cli:
        command = cli_command(cli, port, file, settings.ui_port)
    else:
        command = [sys.executable, "-m", "workshop.lab.dev_server", "serve", "--port", str(port)]
        command += ["--ui-port", str(settings.ui_port), "--db-filename", file]
    process, log = _spawn("temporal", command, settings, environment_of_temporal())

    def answers() -> bool:
        # The two cheap looks first: the last one starts a process.
        return ports.accepts(port) and ports.accepts(settings.ui_port) and not temporal_problem(settings)

    return _Start(
        "temporal",
        process,
        log,
        answers,
        f"Temporal server: ready at {LOOPBACK}:{port}, Web UI at {settings.temporal_ui_url}",
        timeout=START_TIMEOUT if cli else DOWNLOAD_TIMEOUT,
    )


def temporal_problem(settings: Settings, timeout: float = 10.0) -> str | None:
    """Ask the server for its health over gRPC, at most ``timeout`` seconds.

    Returns:
        None if it is well, else what is wrong, in one line.
    """
    cli = temporal_cli()
    if temporal_is_local(settings):
        environment = environment_of_temporal()
        alone, address = ["--disable-config-file", "--disable-config-env"], [settings.temporal_address]
    else:
        environment = environment_without_keys()
        environment["TEMPORAL_ADDRESS"] = settings.temporal_address
        # The SDK reads the settings just as the lessons do; that is what has to work.
        cli, alone, address = None, [], []
    if cli:
        command = [cli, "operator", "cluster", "health", *alone, "--command-timeout", f"{timeout:g}s"]
        command += ["--address", *address]
    else:
        command = [sys.executable, "-m", "workshop.lab.dev_server", "check", *address]
    try:
        asked = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout + 10,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {timeout + 10:g} s"
    except OSError as error:
        return str(error)
    if asked.returncode == 0:
        return None
    lines = asked.stderr.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("Error: ")[:300] if lines else f"exit code {asked.returncode}"


# Gateway


def _look_at_gateway(settings: Settings, record: Record | None, say: Say, keep_mode: bool) -> Service:
    address = settings.gateway_url
    running = record.process() if record else None
    state: State = "started"
    if record and running:
        wanted = record.settings_digest == _digest(settings) or (
            keep_mode and record.file_digest == _file_digest(settings)
        )
        if record.port == settings.gateway_port and wanted and _health(settings) == running.pid:
            say(f"Gateway: already running at {address}.")
            return Service("gateway", "already running", address)
        say(f"Gateway: starting it again, for its settings have changed ({settings.mode} mode) ...")
        end_processes([running])
        state = "restarted"
    elif (pid := _health(settings, _STRANGER_TIMEOUT)) is not None:
        try:
            with _client(settings) as client:
                client.meter()
        except GatewayError:
            raise ServiceError(
                f"Port {settings.gateway_port} is held by the gateway of another copy of this course "
                f"(pid {pid}). Run `python -m workshop down` there, or set WORKSHOP_GATEWAY_PORT "
                "(in .env, say) to a free port."
            ) from None
        say(f"Gateway: already running at {address} (not started by `up`).")
        return Service("gateway", "not ours", address)
    if not ports.is_free(settings.gateway_port):
        raise port_taken(settings.gateway_port, "The gateway", "WORKSHOP_GATEWAY_PORT")
    return Service("gateway", state, address)


def _spawn_gateway(settings: Settings) -> _Start:
    settings.gateway_token()  # made before there are two that want to make it
    environment = environment_without_keys()
    environment.pop("WORKSHOP_SCOPE", None)
    environment |= {
        "WORKSHOP_STATE_DIR": str(settings.state_dir),
        "WORKSHOP_GATEWAY_PORT": str(settings.gateway_port),
        "WORKSHOP_MODE": settings.mode,
        "OPENAI_BASE_URL": settings.openai_base_url,
    }
    if settings.openai_api_key is not None:
        environment["OPENAI_API_KEY"] = settings.openai_api_key.get_secret_value()
    command = [sys.executable, "-m", "workshop.gateway", "--port", str(settings.gateway_port)]
    process, log = _spawn("gateway", command, settings, environment)
    return _Start(
        "gateway",
        process,
        log,
        lambda: ports.accepts(settings.gateway_port) and _health(settings) is not None,
        f"Gateway: ready at {settings.gateway_url} ({settings.mode} mode)",
    )


def _client(settings: Settings) -> GatewayClient:
    return GatewayClient.for_scope("default", settings)


def _health(settings: Settings, timeout: float = REQUEST_TIMEOUT) -> int | None:
    # The pid of the gateway at the address, None if there is none (or something that is no gateway).
    if not ports.accepts(settings.gateway_port):
        return None
    try:
        with GatewayClient(settings.gateway_url, settings.gateway_token(), timeout=timeout) as client:
            return client.health().pid
    except GatewayError:
        return None


def _digest(settings: Settings) -> str:
    # What a running gateway cannot change: told apart without being written down (a key is among it).
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    parts = [settings.mode, settings.openai_base_url, settings.model or "", key]
    return hmac.new(settings.gateway_token().encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _file_digest(settings: Settings) -> str:
    filed = workshop_settings.load(environ={}).model_copy(update={"state_dir": settings.state_dir})
    return _digest(filed)


# Processes and their records


def _spawn(
    name: Name, command: list[str], settings: Settings, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], Path]:
    log = settings.state_dir / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=settings.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in this terminal is not meant for it
            creationflags=flags,
        )
    # Should it end while this process lives on (a kernel, say), it must not stay behind as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process, log


def _await_starts(starts: list[_Start], say: Say) -> None:
    waiting = list(starts)
    while waiting:
        for start in list(waiting):
            if start.answers():
                waiting.remove(start)
                say(f"{start.ready_line} ({time.monotonic() - start.began:.1f} s).")
            elif start.process.poll() is not None:
                raise ServiceError(
                    f"{TITLES[start.name]}: ended (exit code {start.process.returncode}) before it was ready."
                    f"{tail_of(start.log)}"
                )
            elif time.monotonic() - start.began > start.timeout:
                raise ServiceError(
                    f"{TITLES[start.name]}: does not answer after {start.timeout:g} s. "
                    f"Run `python -m workshop down` and try again.{tail_of(start.log)}"
                )
        time.sleep(_LOOK_EVERY)


def tail_of(log: Path) -> str:
    """The end of a log, to put behind a message; empty if there is none."""
    with contextlib.suppress(OSError):
        lines = log.read_text(errors="replace").strip().splitlines()[-5:]
        if lines:
            return f" The end of {log}:\n" + "\n".join(f"  {line[:300]}" for line in lines)
    return ""


def end_processes(processes: list[psutil.Process]) -> None:
    """End processes and what they started: asked first, killed after :data:`STOP_TIMEOUT`."""
    everyone = list(processes)
    for process in processes:
        with contextlib.suppress(psutil.Error):
            everyone += process.children(recursive=True)
    # On Windows nothing can end in order: a terminated holder would leave the server it holds.
    for process in processes if sys.platform != "win32" else everyone:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, living = psutil.wait_procs(processes, timeout=STOP_TIMEOUT)
    left = {process.pid: process for process in [*living, *everyone]}
    for process in left.values():
        with contextlib.suppress(psutil.Error):
            if _is_alive(process):
                process.kill()
    psutil.wait_procs(list(left.values()), timeout=STOP_TIMEOUT)


def _record(pid: int, port: int) -> Record:
    try:
        return Record(pid=pid, started_at=psutil.Process(pid).create_time(), port=port)
    except psutil.NoSuchProcess:
        # It ended at once; the wait that follows says so.
        return Record(pid=pid, started_at=0.0, port=port)


def _same_process(pid: int, started_at: float) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        if abs(process.create_time() - started_at) <= _SAME_START and _is_alive(process):
            return process
    except psutil.Error:
        pass
    return None


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _records_file(settings: Settings) -> Path:
    return settings.state_dir / "services.json"


def _write_records(settings: Settings, records: dict[Name, Record]) -> None:
    path = _records_file(settings)
    if not records:
        path.unlink(missing_ok=True)
        return
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({name: record.model_dump() for name, record in records.items()}, indent=2))
    fresh.replace(path)


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    need_state_dir(settings)
    try:
        with FileLock(settings.state_dir / "services.lock", timeout=DOWNLOAD_TIMEOUT):
            yield
    except Timeout:
        raise ServiceError(
            "Another command has been starting or ending the services for minutes. End it and try again."
        ) from None


def _silent(_: str) -> None:
    pass
