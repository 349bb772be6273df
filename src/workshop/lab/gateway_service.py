"""The gateway behind the lessons: found again, started, and started again when its settings have changed."""

from __future__ import annotations

import hashlib
import hmac
import sys

from workshop import settings as workshop_settings
from workshop.lab import ports
from workshop.lab.gateway_client import REQUEST_TIMEOUT, GatewayClient, GatewayError
from workshop.lab.known_processes import end_processes
from workshop.lab.records import Record, record_of
from workshop.lab.service import STRANGER_TIMEOUT, Say, Service, ServiceError, State, port_taken
from workshop.lab.starting import Start, environment_without_keys, spawn
from workshop.settings import Mode, Settings


def look_at_gateway(settings: Settings, record: Record | None, say: Say, keep_mode: bool) -> Service:
    """Find out whether a gateway has to be started. One with other settings, or that does not answer, is ended.

    Args:
        settings: Where it is, or is to be, and how.
        record: What is on record of one that was started here.
        say: Is told what was found.
        keep_mode: Leave one whose settings differ only by this process's environment.

    Raises:
        ServiceError: something else holds the port.
    """
    address = settings.gateway_url
    running = record.process() if record else None
    state: State = "started"
    if record and running:
        wanted = record.settings_digest == _digest(settings) or (
            keep_mode and record.file_digest == _file_digest(settings)
        )
        if record.port == settings.gateway_port and wanted and gateway_pid(settings) == running.pid:
            say(f"Gateway: already running at {address}.")
            return Service("gateway", "already running", address)
        say(f"Gateway: starting it again, for its settings have changed ({settings.mode} mode) ...")
        end_processes([running])
        state = "restarted"
    elif (pid := gateway_pid(settings, STRANGER_TIMEOUT)) is not None:
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


def start_gateway(settings: Settings) -> Start:
    """Start a gateway, and return at once.

    Raises:
        OSError: it cannot be started.
    """
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
    process, log = spawn("gateway", command, settings, environment)
    return Start(
        "gateway",
        process,
        log,
        lambda: ports.accepts(settings.gateway_port) and gateway_pid(settings) is not None,
        f"Gateway: ready at {settings.gateway_url} ({settings.mode} mode)",
    )


def record_of_gateway(pid: int, settings: Settings) -> Record:
    """Make the record of a gateway that was started with these settings.

    Args:
        pid: Its process id.
        settings: What it was started with.
    """
    record = record_of(pid, settings.gateway_port)
    record.settings_digest = _digest(settings)
    record.file_digest = _file_digest(settings)
    return record


def gateway_mode(settings: Settings) -> Mode:
    """In which mode the gateway works that answers.

    Raises:
        GatewayError: none does.
    """
    with _client(settings) as client:
        return client.health().mode


def gateway_pid(settings: Settings, timeout: float = REQUEST_TIMEOUT) -> int | None:
    """The process id of the gateway at the address; None if there is none, or something that is no gateway.

    Args:
        settings: Which address.
        timeout: Seconds that it may take to answer.
    """
    if not ports.accepts(settings.gateway_port):
        return None
    try:
        with GatewayClient(settings.gateway_url, settings.gateway_token(), timeout=timeout) as client:
            return client.health().pid
    except GatewayError:
        return None


def _client(settings: Settings) -> GatewayClient:
    return GatewayClient.for_scope("default", settings)


def _digest(settings: Settings) -> str:
    # What a running gateway cannot change: told apart without being written down (a key is among it).
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    parts = [settings.mode, settings.openai_base_url, settings.model or "", key]
    return hmac.new(settings.gateway_token().encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _file_digest(settings: Settings) -> str:
    filed = workshop_settings.load(environ={}).model_copy(update={"state_dir": settings.state_dir})
    return _digest(filed)


__all__ = ["gateway_mode", "gateway_pid", "look_at_gateway", "record_of_gateway", "start_gateway"]
