"""How much memory an idle lab takes: the services, JupyterLab, and one kernel that has run lesson 1's first cells.

``python -m benchmarks.idle_lab`` starts a lab of its own on free ports, measures, and ends it. Memory is the
proportional set size (each shared page counted in parts) where the system tells it, else the resident set size.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager

from tests.with_services import private_environment
from workshop import settings
from workshop.lab import services
from workshop.lab.records import read_records

CELLS = (
    'from workshop import check, lab, show\nlab.start("first_agent")',
    "from agents import Agent, Runner",
)
LIMIT_MB = 1200
GATEWAY_LIMIT_MB = 150


def memory_mb(root: psutil.Process) -> float:
    """Memory of a process and all that it started, in megabytes."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            info = process.memory_full_info()
            total += getattr(info, "pss", info.rss)
        except psutil.Error:
            continue
    return total / 1e6


def jupyter_command(folder: Path) -> list[str]:
    """Exactly what ``python -m workshop lab`` starts, without a browser."""
    import sys

    return [sys.executable, "-m", "workshop.cli.jupyter_server", "--no-browser", f"--ServerApp.root_dir={folder}",
            "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--allow-root"]  # fmt: skip


def main() -> None:
    """Start, measure, print a table, end."""
    state = Path(tempfile.mkdtemp(prefix="workshop-bench-"))
    os.environ.update(private_environment(state))
    chosen = settings.load()
    kernel = KernelManager()
    try:
        with open(state / "jupyter.log", "w") as log:
            services.up(chosen)
            jupyter = psutil.Popen(jupyter_command(state), stdout=log, stderr=log)
            kernel.start_kernel(cwd=str(state))
            client = kernel.client()
            client.start_channels()
            client.wait_for_ready(timeout=60)
            for cell in CELLS:
                client.execute_interactive(cell, timeout=120, output_hook=lambda message: None)
            wait_until_idle(state / "jupyter.log")
            rows = [
                (name, memory_mb(record.process() or psutil.Process()))
                for name, record in read_records(chosen).items()
            ]
            rows += [
                ("JupyterLab", memory_mb(jupyter)),
                ("kernel, with what checks need", memory_mb(psutil.Process(kernel.provisioner.pid))),
            ]
        for name, megabytes in rows:
            print(f"{name:<32}{megabytes:8.0f} MB")
        total = sum(megabytes for _, megabytes in rows)
        print(f"{'idle lab':<32}{total:8.0f} MB   (limits: {LIMIT_MB} MB, gateway {GATEWAY_LIMIT_MB} MB)")
        jupyter.terminate()
        jupyter.wait(15)
    finally:
        kernel.shutdown_kernel(now=True)
        services.down(chosen)
        shutil.rmtree(state, ignore_errors=True)


def wait_until_idle(log: Path, timeout: float = 30.0) -> None:
    """Wait until JupyterLab says where it listens."""
    deadline = time.monotonic() + timeout
    while "http://127.0.0.1" not in log.read_text():
        if time.monotonic() > deadline:
            raise TimeoutError("JupyterLab did not start: " + log.read_text()[-500:])
        time.sleep(0.1)


if __name__ == "__main__":
    main()
