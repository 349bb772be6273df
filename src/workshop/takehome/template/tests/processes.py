"""A Temporal dev server, and workers that are processes of their own and can be killed."""

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

# Forked from a process that has done what takes long, a worker is there in a moment. Windows has no fork.
_CONTEXT = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
if hasattr(os, "fork"):
    _CONTEXT.set_forkserver_preload(["tests.head_start"])

_PROFILES = str(Path(__file__).parent.parent / "temporal.toml")

PATIENCE = 120.0
"""Seconds that the Temporal server may take to start, on a busy machine. It takes two."""


def _work(environment: dict[str, str], log: str) -> None:
    with open(log, "ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    # Not what the shell says of Temporal: a profile or a version.
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        del os.environ[name]
    os.environ.update(environment)
    for name in [name for name, text in environment.items() if not text]:
        del os.environ[name]
    # multiprocessing may have imported the project by now, with another task queue.
    for module in [module for module in sys.modules if module.partition(".")[0] == "takehome_agent"]:
        del sys.modules[module]
    from takehome_agent.worker import main

    asyncio.run(main())


class Workers:
    """Starts workers; what is left of them ends with the tests."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.log = folder / "workers.log"
        self.log.touch()
        self.started: list[BaseProcess] = []

    def start(self, queue: str, **environment: str) -> BaseProcess:
        """Start a worker for a task queue; its kill() is SIGKILL. An empty variable is taken away."""
        told = {**self.environment, "TASK_QUEUE": queue, "TEMPORAL_CONFIG_FILE": _PROFILES, **environment}
        worker = _CONTEXT.Process(target=_work, args=(told, str(self.log)), daemon=True)
        worker.start()
        self.started.append(worker)
        return worker

    def close(self) -> None:
        for worker in self.started:
            worker.kill()
            worker.join(10)


@contextlib.contextmanager
def dev_server() -> Iterator[str]:
    """A Temporal dev server in memory, on a free port of this machine: its address."""
    found = shutil.which("temporal")
    if found is None:
        raise RuntimeError("The Temporal CLI is not there: `make setup` brings it.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [found, "server", "start-dev", "--headless", "--port", str(port), "--log-level", "never"]
    # It takes connections before it can answer.
    look = [found, "operator", "cluster", "health", "--address", address]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while subprocess.run(look, capture_output=True, check=False).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The Temporal dev server does not start.")
            time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()
