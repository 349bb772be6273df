"""Ports of this copy of the course where another program, such as another copy, holds the default ones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import psutil

from workshop import settings as workshop_settings
from workshop.lab import ports
from workshop.lab.gateway_service import gateway_pid
from workshop.lab.records import Record, read_records
from workshop.lab.service import TITLES, Name, Say
from workshop.lab.state_dir import need_state_dir
from workshop.lab.temporal_service import temporal_host_and_port
from workshop.settings import LOOPBACK, OWN_PORTS, Settings

_DATABASE = "--db-filename"


def settle(
    settings: Settings, say: Say, *, asked_for: Iterable[str] | None = None, jupyter: bool = False
) -> Settings:
    """Take free ports for those defaults that others hold, say so, and keep them for this copy of the course.

    A port that the environment or ``.env`` names is taken at its word, and so is a Temporal server on the default
    port that is nobody's copy: somebody may have started it for this.

    Args:
        settings: The settings.
        say: Is told of each port.
        asked_for: The fields of the settings that were asked for; found out unless given.
        jupyter: Whether JupyterLab is to be started as well.

    Returns:
        The settings, with other ports where need be.

    Raises:
        ServiceError: the state directory cannot be written.
    """
    fixed = workshop_settings.asked_for() if asked_for is None else frozenset(asked_for)
    records = read_records(settings)
    moved: dict[str, str] = {}

    def move(name: Name, field: str, port: int, whose: str) -> None:
        free = ports.free_port()
        moved[field] = f"{LOOPBACK}:{free}" if field == "temporal_address" else str(free)
        say(f"{TITLES[name]}: port {port} is held by {whose}; this copy of the course takes {free}.")

    if "gateway_port" not in fixed and not _is_running(records.get("gateway")):
        port = settings.gateway_port
        if not ports.is_free(port) and not _is_our_gateway(settings):
            move("gateway", "gateway_port", port, _whose(port))
    if settings.temporal_is_local and not _is_running(records.get("temporal")):
        _, port = temporal_host_and_port(settings)
        ours = "temporal_address" not in fixed
        if ours and not ports.is_free(port) and _is_anothers(port, settings.state_dir):
            move("temporal", "temporal_address", port, _whose(port))
        starts = "temporal_address" in moved or ports.is_free(port)
        if starts and "ui_port" not in fixed and not ports.is_free(settings.ui_port):
            move("temporal", "ui_port", settings.ui_port, _whose(settings.ui_port))
    if jupyter and "jupyter_port" not in fixed and not _is_running(records.get("jupyter")):
        port = settings.jupyter_port
        if not ports.is_free(port):
            move("jupyter", "jupyter_port", port, _whose(port))
    if not moved:
        return settings
    need_state_dir(settings)
    file = settings.state_dir / OWN_PORTS
    file.write_text(json.dumps({**workshop_settings.own_ports(settings.state_dir), **moved}, indent=2))
    return Settings.model_validate({**settings.model_dump(), **moved})


def _is_running(record: Record | None) -> bool:
    return record is not None and record.process() is not None


def _is_our_gateway(settings: Settings) -> bool:
    """Whether a gateway answers there that knows this copy's token."""
    from workshop.lab.gateway_client import GatewayClient, GatewayError

    if gateway_pid(settings) is None:
        return False
    try:
        with GatewayClient.for_scope("default", settings) as client:
            client.meter()
    except GatewayError:
        return False
    return True


def _is_anothers(port: int, state_dir: Path) -> bool:
    """Whether what listens there is no Temporal server, or one of another copy of the course."""
    held = ports.holder(port)
    if held is None or held.pid is None:
        return True
    database = _database(held.pid)
    return (database is not None and database.parent != state_dir) or "temporal" not in held.name


def _whose(port: int) -> str:
    """Who holds a port, in words."""
    held = ports.holder(port)
    if held is None or held.pid is None:
        return "a program of another user"
    database = _database(held.pid)
    if database is not None:
        return f"the Temporal server of {database.parent} (pid {held.pid})"
    try:
        return f"{held} in {psutil.Process(held.pid).cwd()}"
    except psutil.Error:
        return str(held)


def _database(pid: int) -> Path | None:
    """The file of a Temporal dev server; None if it is none, or keeps nothing."""
    try:
        command = psutil.Process(pid).cmdline()
    except psutil.Error:
        return None
    return Path(command[command.index(_DATABASE) + 1]) if _DATABASE in command[:-1] else None


__all__ = ["settle"]
