"""Runs a command beside services of its own: ``python -m tests.with_services COMMAND ...``

The command finds the Temporal server and the gateway through the environment, as do the processes it starts:
the workers of pytest-xdist, the kernels of nbval. Nothing meets the state, the ports or the key of the person
who runs it. When the command has ended, so have they.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from workshop import settings as workshop_settings
from workshop.errors import LabError
from workshop.lab import services
from workshop.lab.ports import free_port

SHARED = "WORKSHOP_TESTS_SHARE_SERVICES"
"""Set for the command: the services in the environment are there for the tests, and not theirs to end."""

_OURS = ("WORKSHOP_", "OPENAI_", "TEMPORAL_")


def private_environment(state_dir: Path) -> dict[str, str]:
    """Variables that keep everything in ``state_dir`` and on ports nobody uses, in practice mode."""
    return {
        "WORKSHOP_STATE_DIR": str(state_dir),
        "WORKSHOP_MODE": "practice",
        "WORKSHOP_VIEWS": "static",
        "WORKSHOP_NO_PROGRESS": "1",
        "WORKSHOP_GATEWAY_PORT": str(free_port()),
        "WORKSHOP_UI_PORT": str(free_port()),
        "WORKSHOP_JUPYTER_PORT": str(free_port()),
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
    }


def variables_of_the_user() -> list[str]:
    """The variables of this process that would lead a test to the user's own services or key."""
    return [name for name in os.environ if name.startswith(_OURS)]


@contextlib.contextmanager
def running_services() -> Iterator[list[psutil.Process]]:
    """Services of their own for what is run in the block; their processes.

    Raises:
        LabError: they do not start.
    """
    for variable in variables_of_the_user():
        del os.environ[variable]
    # Ended like this, the services would stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    state_dir = Path(tempfile.mkdtemp(prefix="workshop-tests-"))
    os.environ.update(private_environment(state_dir))
    settings = workshop_settings.load()
    try:
        services.up(settings)
        os.environ[SHARED] = "1"
        found = (record.process() for record in services.read_records(settings).values())
        yield [process for process in found if process]
    finally:
        services.down(settings)
        shutil.rmtree(state_dir, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command and return its exit code; 1 if the services do not start."""
    try:
        with running_services():
            return subprocess.run(command, check=False).returncode
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
