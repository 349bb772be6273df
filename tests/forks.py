"""The fork server of the process that runs the tests, and what it has forked."""

from __future__ import annotations

import sys

import psutil
import pytest

from workshop import lab
from workshop.lab import forking, prefork
from workshop.lab.bodies import Forked

by_fork = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux are processes forked")


def warm_up() -> None:
    """Wait, where processes are forked, until they can be; from then on each costs milliseconds."""
    if forking.may_fork():
        ready_server()


def ready_server() -> prefork.Server:
    """This process's fork server, started if need be, when it has imported everything."""
    forking.warm()
    server = prefork.running()
    assert server is not None
    assert server.has_imported(100)
    return server


def is_forked(process: lab.Process) -> bool:
    return isinstance(process._begun().body, Forked)


def keeper_of(process: lab.Process) -> psutil.Process:
    found = psutil.Process(process.pid).parent()
    assert found is not None
    return found
