"""Whether a process is forked, from a server that has imported what takes seconds, or is a new interpreter."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Mapping
from typing import BinaryIO

from workshop.lab import prefork
from workshop.lab.bodies import Body, Forked, Spawned

_PATIENCE = 30.0
"""Seconds after its start in which the fork server must have imported everything, or processes do without it: four
on an idle machine, and then every new interpreter takes as long."""

_PRELOAD = (
    "openai",
    "pydantic",
    "agents",
    "httpcore2",  # what `agents` would import with its first client
    "temporalio.client",
    "temporalio.worker",
    "temporalio.testing",
    "temporalio.openai_agents",
    "workshop.lab.head_start",
    "workshop.lab.run",
    "workshop.lab.run_names",
    "workshop.lab.traces",
)
"""What the scripts of the course import; the fork server has it imported before they start."""

_READ_AT_START = (
    "PYTHON",
    "LANG",
    "LC_",
    "LD_",
    "DYLD_",
    "TZ",
    "OPENAI_LOG",
    "OPENAI_API_TYPE",
    "OPENAI_API_VERSION",
    "OPENAI_AGENTS_DONT_LOG",
    "OPENAI_AGENTS_TRACE_INCLUDE",
    "AZURE_OPENAI_ENDPOINT",
    "DEFER_PYDANTIC_BUILD",
    "PYDANTIC_",
    "PROTOCOL_BUFFERS_",
)
"""How the variables begin that an interpreter, or a library of ``_PRELOAD`` when imported, reads once."""

_READ_LATER = frozenset(
    {
        "PYTHONASYNCIODEBUG",
        "PYTHONBREAKPOINT",
        "PYTHONDONTWRITEBYTECODE",  # seen to by workshop.lab.run
        "PYTHONSTARTUP",
        "PYTHONUNBUFFERED",
    }
)

_warmed = False


def begin(arguments: list[str], environment: dict[str, str], log: BinaryIO) -> Body:
    """Begin a process, in the way that is there sooner.

    Args:
        arguments: The script and its own arguments.
        environment: All of its environment variables.
        log: Where it prints.

    Raises:
        OSError: it cannot be started.
    """
    server = _server_for(environment)
    if server is not None:
        # Slower, but it does not depend on anything.
        with contextlib.suppress(OSError, ValueError):
            return Forked(server, arguments, environment, log)
    return Spawned(arguments, environment, log)


def _server_for(environment: dict[str, str]) -> prefork.Server | None:
    """The fork server, if it can serve a process with this environment, and sooner than a new interpreter."""
    if not may_fork():
        return None
    try:
        server = prefork.start(_PRELOAD)
    except OSError:
        return None
    if _at_start(server.environment) != _at_start(environment):
        return None
    # One that warm() has started is ahead of a new interpreter. One that starts only now is for later processes.
    patience = server.began + _PATIENCE - time.monotonic() if _warmed else 0.0
    return server if server.has_imported(max(0.0, patience)) else None


def may_fork() -> bool:
    """Whether processes are forked on this system, unless ``WORKSHOP_PREFORK`` says otherwise."""
    # On macOS, what a process finds out about its proxies and certificates may crash it after a fork.
    wanted = os.environ.get("WORKSHOP_PREFORK", "1" if sys.platform == "linux" else "0")
    return wanted != "0" and hasattr(os, "fork")


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    found = {
        name: value
        for name, value in environment.items()
        if name.startswith(_READ_AT_START) and name not in _READ_LATER
    }
    # The log is read as UTF-8: a process that was not told what to write writes that.
    return {"PYTHONIOENCODING": "utf-8", **found}


def warm() -> None:
    """Begin, without waiting, what makes the first process slow. Never raises."""
    global _warmed
    if may_fork():
        _warmed = True
        with contextlib.suppress(OSError):
            prefork.start(_PRELOAD)


__all__ = ["begin", "may_fork", "warm"]
