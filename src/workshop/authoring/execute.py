"""Run the solutions as a learner without a key would, and store what they print.

They run beside nothing else: in practice mode, against services started for them alone, and in an empty
folder, so that the outputs stored are those of a fresh clone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import environ
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from traitlets.config import Config

from workshop import settings
from workshop.authoring import notebooks
from workshop.lab import ports, services
from workshop.lab.kernels import ENCRYPTED

CELL_TIMEOUT_SECONDS = 120


class ExecutionFailed(RuntimeError):
    """A cell raised, hung or killed its kernel; the message says which one, and how."""


def execute(paths: list[Path], say: Callable[[str], None], *, own_services: bool = True) -> None:
    """Run notebooks from top to bottom and store their outputs; a notebook that fails stays as it is.

    Args:
        paths: The solution notebooks.
        say: Told what happens, a line at a time.
        own_services: Start services for this run alone; otherwise the notebooks use the course's own.

    Raises:
        ExecutionFailed: a cell did not run to its end.
        NotebookError: a file is not a notebook.
        LabError: the services cannot be started.
    """
    with _practice(say, own_services) as environment:
        for path in paths:
            say(f"Running {path.name} ...")
            notebook = run(path, environment)
            before = path.read_text(encoding="utf-8")
            after = notebooks.text(notebooks.normalise(notebook))
            if after != before:
                notebooks.write(path, after)
            say(f"{path.name}: {'outputs refreshed' if after != before else 'nothing changed'}")


def run(path: Path, environment: Mapping[str, str]) -> NotebookNode:
    """Run one notebook in an empty folder; the file itself is not touched.

    Raises:
        ExecutionFailed: a cell did not run to its end.
        NotebookError: it is not a notebook.
    """
    notebook = notebooks.read(path)
    reached: list[int] = [0]
    with tempfile.TemporaryDirectory(prefix="workshop-execute-") as folder:
        client = NotebookClient(
            notebook,
            config=Config(ENCRYPTED),
            timeout=CELL_TIMEOUT_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            coalesce_streams=True,
            record_timing=False,
            # Check cells are tagged to go on after an error; a solution must do without.
            force_raise_errors=True,
            on_cell_start=lambda cell, cell_index: reached.append(cell_index),
        )
        try:
            client.execute(env={**environ, **environment})
        except CellExecutionError as error:
            problem = f"{error.ename}: {error.evalue}"
        except CellTimeoutError:
            problem = f"still running after {CELL_TIMEOUT_SECONDS} seconds"
        except DeadKernelError:
            problem = "the kernel died"
        else:
            return notebook
    raise ExecutionFailed(f"{path.name}: cell {reached[-1]}: {problem}")


@contextmanager
def _practice(say: Callable[[str], None], own_services: bool) -> Iterator[dict[str, str]]:
    if not own_services:
        yield {"WORKSHOP_MODE": "practice", "WORKSHOP_VIEWS": "static"}
        return
    with tempfile.TemporaryDirectory(prefix="workshop-state-") as folder:
        gateway, temporal, ui = (ports.free_port() for _ in range(3))
        environment = {
            "WORKSHOP_MODE": "practice",
            "WORKSHOP_VIEWS": "static",
            "WORKSHOP_STATE_DIR": folder,
            "WORKSHOP_GATEWAY_PORT": str(gateway),
            "WORKSHOP_UI_PORT": str(ui),
            "TEMPORAL_ADDRESS": f"{settings.LOOPBACK}:{temporal}",
        }
        own = settings.load({**environ, **environment})
        say("Starting services for this run ...")
        try:
            services.up(own)
            yield environment
        finally:
            services.down(own)


__all__ = ["CELL_TIMEOUT_SECONDS", "ExecutionFailed", "execute", "run"]
