"""The two services behind every lesson, Temporal's dev server and the gateway.

:func:`up` starts what is not running yet, :func:`down` ends what :func:`up` started.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from workshop import settings as workshop_settings
from workshop.lab import ports
from workshop.lab.gateway_service import (
    gateway_mode,
    gateway_pid,
    look_at_gateway,
    record_of_gateway,
    start_gateway,
)
from workshop.lab.known_processes import end_processes
from workshop.lab.own_ports import settle
from workshop.lab.records import locked, read_records, record_of, write_records
from workshop.lab.service import TITLES, Name, Say, Service
from workshop.lab.starting import Start, await_starts
from workshop.lab.temporal_service import look_at_temporal, start_temporal, temporal_host_and_port
from workshop.settings import Mode, Settings


@dataclass(frozen=True)
class Report:
    """What :func:`up` found or did. ``seconds``: how long it took; ``settings``: with the ports that were taken."""

    temporal: Service
    gateway: Service
    mode: Mode
    seconds: float
    settings: Settings

    @property
    def started(self) -> list[Name]:
        """The services that this call started."""
        return [s.name for s in (self.temporal, self.gateway) if s.state in ("started", "restarted")]


def up(settings: Settings | None = None, say: Say | None = None, *, keep_mode: bool = False) -> Report:
    """Start what is not running, wait until it answers. Calling it again changes nothing.

    Where another program holds a default port, this copy of the course takes one of its own, and keeps it.

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
    with locked(settings):
        settings = settle(settings, say)
        records = read_records(settings)
        temporal = look_at_temporal(settings, records.get("temporal"), say)
        gateway = look_at_gateway(settings, records.get("gateway"), say, keep_mode)
        # Only now, when nothing is in the way of either, and both at once.
        starts: list[Start] = []
        if gateway.state in ("started", "restarted"):
            starts.append(start_gateway(settings))
            records["gateway"] = record_of_gateway(starts[-1].process.pid, settings)
        if temporal.state in ("started", "restarted"):
            starts.append(start_temporal(settings))
            records["temporal"] = record_of(starts[-1].process.pid, settings.ui_port)
        # Written before they answer: should this process die now, down() still finds them.
        write_records(settings, records)
        await_starts(starts, say)
        mode = gateway_mode(settings)
    return Report(temporal, gateway, mode, time.monotonic() - began, settings)


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
    with locked(settings):
        records = read_records(settings)
        chosen: list[Name] = [name for name in records if only is None or name in only]
        if only is None and "jupyter" in chosen and records["jupyter"].owner_lives():
            say("JupyterLab keeps running: end it with Ctrl-C in the terminal of `python -m workshop lab`.")
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
        write_records(settings, records)
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
    return {"temporal": ports.accepts(port, host), "gateway": gateway_pid(settings) is not None}


def _silent(_: str) -> None:
    pass


__all__ = ["Report", "down", "ended_afterwards", "status", "up"]
