"""What an idle lab takes: the services, JupyterLab, and one kernel that has run lesson 1's first cells.

Then the same with a game day's fleet, which waits to be repaired. ``python -m benchmarks.idle_lab`` starts a lab of its
own on free ports, as ``make lab`` does, measures, and ends it. Memory is the proportional set size (each shared page
counted in parts) where the system tells it, else the resident set size.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager

from tests.with_services import private_environment
from workshop import settings
from workshop.lab.records import read_records

CELLS = (
    'from workshop import check, lab, show\nlab.start("first_agent")',
    "from agents import Agent, Runner",
)
FLEET = "day = await lab.game_day(18)"
LIMIT_MB = 1200
GATEWAY_LIMIT_MB = 150
FLEET_LIMIT_MB = 4000
"""What the smallest Codespace has."""
WATCHED = 10.0
"""Seconds over which the waiting fleet's processor time is counted."""
START_LIMIT = 90.0


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


def processor(root: psutil.Process) -> float:
    """Processor seconds of a process and all that it started, so far."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def started_lab(log: Path) -> subprocess.Popen[bytes]:
    """Start the lab, and wait until it says where it is.

    Raises:
        RuntimeError: it has ended, or takes too long.
    """
    with log.open("wb") as stream:
        lab = subprocess.Popen([sys.executable, "-m", "workshop", "lab"], stdout=stream, stderr=stream)
    deadline = time.monotonic() + START_LIMIT
    while "token=" not in log.read_text():
        if lab.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The lab did not start: " + log.read_text()[-500:])
        time.sleep(0.1)
    return lab


def main() -> None:
    """Start, measure, print a table, end."""
    state = Path(tempfile.mkdtemp(prefix="workshop-bench-"))
    # No browser is opened where a test runs.
    os.environ.update(private_environment(state) | {"CI": "1"})
    kernel = KernelManager()
    lab = None
    try:
        lab = started_lab(state / "lab.log")
        kernel.start_kernel(cwd=str(state))
        client = kernel.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)

        def run(cell: str) -> None:
            reply = client.execute_interactive(cell, timeout=180, output_hook=lambda message: None)
            if reply["content"]["status"] != "ok":
                raise RuntimeError("\n".join(reply["content"]["traceback"]))

        for cell in CELLS:
            run(cell)
        processes = {
            name: record.process() or psutil.Process()
            for name, record in read_records(settings.load()).items()
        }
        processes["kernel, with what checks need"] = psutil.Process(kernel.provisioner.pid)
        rows = [(name, memory_mb(process)) for name, process in processes.items()]
        for name, megabytes in rows:
            print(f"{name:<32}{megabytes:8.0f} MB")
        total = sum(megabytes for _, megabytes in rows)
        print(f"{'idle lab':<32}{total:8.0f} MB   (limits: {LIMIT_MB} MB, gateway {GATEWAY_LIMIT_MB} MB)")
        run(FLEET)
        total = sum(map(memory_mb, processes.values()))
        before = sum(map(processor, processes.values()))
        time.sleep(WATCHED)
        busy = (sum(map(processor, processes.values())) - before) / WATCHED
        print(
            f"{'with a fleet that waits':<32}{total:8.0f} MB   (limit: {FLEET_LIMIT_MB} MB), "
            f"{busy:.2f} processors busy"
        )
        run("day.end()")
    finally:
        kernel.shutdown_kernel(now=True)
        if lab:
            lab.send_signal(signal.SIGTERM)
            lab.wait(30)
        shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    main()
