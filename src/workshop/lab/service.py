"""One service of the course: what it is called, how it was found, and what is said when it cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from workshop.errors import LabError
from workshop.lab import ports

Name = Literal["temporal", "gateway", "jupyter"]
State = Literal["started", "restarted", "already running", "not ours"]
Say = Callable[[str], None]

TITLES: dict[Name, str] = {"temporal": "Temporal server", "gateway": "Gateway", "jupyter": "JupyterLab"}

START_TIMEOUT = 60.0
"""Seconds in which a service must answer; it takes one or two, more on a busy machine."""

DOWNLOAD_TIMEOUT = 300.0
"""The same where the SDK must first download the CLI."""

STRANGER_TIMEOUT = 2.0
"""Seconds that whatever holds a port gets to prove what it is."""


class ServiceError(LabError):
    """A service could not be started, or something else is in its place."""


@dataclass(frozen=True)
class Service:
    """What was found or done about one service."""

    name: Name
    state: State
    address: str


def port_taken(port: int, what: str, variable: str) -> ServiceError:
    """Say who is in the way and what to do about it."""
    return ServiceError(
        f"{what} needs port {port}, which is held by {ports.holder(port) or 'another program'}. "
        f"End that program, or set {variable} (in .env, say) to a free port."
    )


__all__ = [
    "DOWNLOAD_TIMEOUT",
    "START_TIMEOUT",
    "STRANGER_TIMEOUT",
    "TITLES",
    "Name",
    "Say",
    "Service",
    "ServiceError",
    "State",
    "port_taken",
]
