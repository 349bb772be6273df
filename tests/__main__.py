"""``python -m tests``: every check that CI runs, then where their time went.

Lint and the lessons' own rules come first, since they take the least; what fails there ends the run. Types are checked
beside the tests. With arguments, which are pytest's, only those tests run:
``python -m tests solutions/05_micro_agents.ipynb``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.costs import spent
from tests.with_services import running_services
from workshop.errors import LabError

WORKERS = os.environ.get("TEST_WORKERS", "4")
"""More than there are processors: most tests wait for a process, or for a timeout of the server's."""

SHOWN = 10
"""How many groups the table has."""

BEFORE = (
    ("ruff", "check", "--quiet", "."),
    ("ruff", "format", "--quiet", "--check", "."),
    ("python", "-m", "workshop.authoring", "build", "--check"),
    ("python", "-m", "workshop.authoring", "lint"),
)
"""What takes some seconds in all."""

TYPES = ("mypy",)
"""Takes half a minute of one processor, and the tests, while they start, leave one free."""

TESTS = ("python", "-m", "pytest", "-q", "-rs", "-p", "tests.costs", "-n", WORKERS, "--dist", "loadfile")
NOTEBOOKS = ("--nbval", "--nbval-cell-timeout", "90", "--nbval-sanitize-with", "tests/sanitize.cfg")

Costs = dict[str, tuple[float, int, str, float]]
"""By group: processor seconds, how many tests, the dearest of them and its seconds."""


def main(arguments: Sequence[str]) -> int:
    """Run everything; the exit code of what failed first, else 0."""
    began = time.monotonic()
    costs: Costs = {}
    for command in () if arguments else BEFORE:
        if code := _noted(costs, command, _start(command)):
            return code
    types = None if arguments else _start(TYPES)
    with tempfile.TemporaryDirectory(prefix="workshop-costs-") as folder:
        file = Path(folder) / "costs.json"
        chosen = arguments or ("solutions", "tests")
        try:
            with running_services() as processes:
                tests = _start((*TESTS, "--no-loadscope-reorder", *NOTEBOOKS, "--costs", str(file), *chosen))
                codes = [tests.wait()]
                shared = sum(spent(process) for process in processes)
            costs["Temporal server and gateway, shared"] = (shared, 0, "", 0.0)
            if types:
                codes.append(_noted(costs, TYPES, types))
        except LabError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            if types and types.poll() is None:
                types.terminate()
        if file.is_file():
            costs |= json.loads(file.read_text(encoding="utf-8"))
    print(table(costs, time.monotonic() - began))
    return next((code for code in codes if code), 0)


def table(costs: Costs, wall: float) -> str:
    """The dearest groups, in processor seconds."""
    total = sum(cost[0] for cost in costs.values())
    ordered = sorted(costs.items(), key=lambda item: -item[1][0])
    lines = [f"{total:.0f} s of processor time in {wall:.0f} s. The dearest groups:"]
    for name, (seconds, tests, dearest, most) in ordered[:SHOWN]:
        told = f"  {tests} tests, the dearest {most:.1f} s: {dearest}" if tests > 1 else ""
        lines.append(f"{seconds:7.1f} s {seconds / total:4.0%}  {name}{told}")
    return "\n".join(lines)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a tool of this environment."""
    return subprocess.Popen([Path(sys.executable).with_name(command[0]), *command[1:]])


def _noted(costs: Costs, command: Sequence[str], process: subprocess.Popen[bytes]) -> int:
    """Wait for a tool's end, note its processor seconds, and return its exit code."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    name = " ".join(command[:2] if command[0] == "ruff" else command[-2:])
    costs[name] = (used.ru_utime + used.ru_stime, 1, "", 0.0)
    return process.returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
