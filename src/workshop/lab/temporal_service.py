"""The Temporal server behind the lessons: a dev server on this machine, or one elsewhere, which is only checked."""

from __future__ import annotations

import subprocess
import sys

from workshop.lab import ports
from workshop.lab.dev_server import cli_command
from workshop.lab.known_processes import end_processes
from workshop.lab.programs import temporal_cli
from workshop.lab.records import Record
from workshop.lab.service import (
    DOWNLOAD_TIMEOUT,
    START_TIMEOUT,
    STRANGER_TIMEOUT,
    Say,
    Service,
    ServiceError,
    State,
    port_taken,
)
from workshop.lab.starting import Start, environment_without_keys, spawn
from workshop.settings import LOOPBACK, Settings


def temporal_host_and_port(settings: Settings) -> tuple[str, int]:
    """Split the Temporal address."""
    host, _, port = settings.temporal_address.rpartition(":")
    return host.strip("[]"), int(port)


def environment_of_temporal() -> dict[str, str]:
    """This process's environment without keys and without the settings of another Temporal server.

    For a server on this machine: a profile or key meant for a cloud server would be sent to it.
    """
    return {
        variable: value
        for variable, value in environment_without_keys().items()
        if not variable.startswith("TEMPORAL_")
    }


def look_at_temporal(settings: Settings, record: Record | None, say: Say) -> Service:
    """Find out whether a server has to be started. One that no longer answers is ended.

    Args:
        settings: Where it is, or is to be.
        record: What is on record of one that was started here.
        say: Is told what was found.

    Raises:
        ServiceError: something else holds a port, or the server elsewhere does not answer.
    """
    address = settings.temporal_address
    if not settings.temporal_is_local:
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
        if temporal_problem(settings, STRANGER_TIMEOUT):
            raise port_taken(port, "The Temporal server", "TEMPORAL_ADDRESS")
        say(f"Temporal server: already running at {address} (not started from here).")
        return Service("temporal", "not ours", address)
    if not ports.is_free(port):
        raise port_taken(port, "The Temporal server", "TEMPORAL_ADDRESS")
    if not ports.is_free(settings.ui_port):
        raise port_taken(settings.ui_port, "Temporal's Web UI", "WORKSHOP_UI_PORT")
    return Service("temporal", state, address)


def start_temporal(settings: Settings) -> Start:
    """Start a dev server, and return at once.

    Raises:
        OSError: it cannot be started.
    """
    _, port = temporal_host_and_port(settings)
    cli = temporal_cli()
    file = str(settings.state_dir / "temporal.db")
    if cli:
        command = cli_command(cli, port, file, settings.ui_port)
    else:
        command = [sys.executable, "-m", "workshop.lab.dev_server", "serve", "--port", str(port)]
        command += ["--ui-port", str(settings.ui_port), "--db-filename", file]
    process, log = spawn("temporal", command, settings, environment_of_temporal())

    def answers() -> bool:
        # The two cheap looks first: the last one starts a process.
        return ports.accepts(port) and ports.accepts(settings.ui_port) and not temporal_problem(settings)

    return Start(
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
    if settings.temporal_is_local:
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


__all__ = [
    "environment_of_temporal",
    "look_at_temporal",
    "start_temporal",
    "temporal_host_and_port",
    "temporal_problem",
]
