"""Where the programs are that Temporal brings: its command line, which is the dev server too, and the test server."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def temporal_cli() -> str | None:
    """Where the ``temporal`` program is: beside this Python, or on PATH."""
    beside = shutil.which("temporal", path=str(Path(sys.executable).parent))
    return beside or shutil.which("temporal")


def time_skipping_server() -> str | None:
    """Where the server for tests is, whose time can be skipped.

    For ``WorkflowEnvironment.start_time_skipping(test_server_existing_path=...)``. None where the course has none
    to install, as on Windows: with None, Temporal's SDK downloads its own.
    """
    beside = shutil.which("temporal-test-server", path=str(Path(sys.executable).parent))
    return beside or shutil.which("temporal-test-server")


__all__ = ["temporal_cli", "time_skipping_server"]
