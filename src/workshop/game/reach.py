"""What one who mends a fleet has at hand: its files, a client, and the ``temporal`` program."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.errors import LabError
from workshop.game import signs
from workshop.lab.programs import temporal_cli
from workshop.lab.task_retries import EVEN_ATTEMPTS, retry_task

if TYPE_CHECKING:
    from temporalio.client import Client

FOLDER = "my/game_day"
WORKERS = "workers.toml"

_PATIENCE = 30.0


class Reach:
    """The way to a fleet, from the notebook or from elsewhere.

    Attributes:
        root: The folder that holds the learner's ``my/``.
        address: Where the fleet's Temporal server listens, as ``host:port``.
    """

    def __init__(self, root: Path, address: str = "") -> None:
        self.root = root
        self.address = address

    @property
    def folder(self) -> Path:
        """The fleet's files; ``workers.toml`` in it says which worker processes there are."""
        return self.root / FOLDER

    async def connect(self) -> Client:
        """A client of the fleet's server, with the Agents SDK's plugin."""
        from temporalio.client import Client
        from temporalio.openai_agents import OpenAIAgentsPlugin

        return await Client.connect(self.address, plugins=[OpenAIAgentsPlugin()])

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in one of the fleet's files; its worker has it once it is deployed.

        Args:
            name: The file, such as ``"letters.py"``.
            old: A text that stands in it once.
            new: What takes its place.

        Raises:
            LabError: there is no such file, or the text is not there just once.
        """
        path = self.folder / name
        if path.parent != self.folder or not path.is_file():
            raise LabError(f"The fleet has no file {name!r}.")
        text = path.read_text(encoding="utf-8")
        if (times := text.count(old)) != 1 or not old:
            raise LabError(f"{old!r} stands in {name} {times} times, and not once.")
        path.write_text(text.replace(old, new), encoding="utf-8")

    async def retry(self) -> list[str]:
        """Have code that fails tried again at once, in all runs for which Temporal has begun to wait longer.

        Mend and deploy it first. See :func:`workshop.lab.retry_task`. Code that has failed three times or less is
        tried again by itself within seconds. It is left alone: it may be healthy, and have been too slow only once,
        on a busy machine. Where it goes on at the very moment in which its run is reset, its next call is paid twice.

        Returns:
            The ids of these runs.
        """
        client = await self.connect()
        tried = []
        for run in sorted(await signs.failing(client)):
            described = await client.get_workflow_handle(run).describe()
            if described.raw_description.pending_workflow_task.attempt <= EVEN_ATTEMPTS:
                continue
            # One that has gone on meanwhile has nothing to try again.
            with contextlib.suppress(LabError):
                await retry_task(client.get_workflow_handle(run))
                tried.append(run)
        return tried

    def temporal(self, *arguments: str) -> str:
        """What the ``temporal`` program says of the fleet's server: ``day.temporal("workflow", "list")``.

        Raises:
            LabError: it fails, or there is no such program.
        """
        cli = temporal_cli()
        if cli is None:
            raise LabError("There is no `temporal` program on this machine.")
        ran = subprocess.run(
            [cli, *arguments, "--address", self.address],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        if ran.returncode:
            raise LabError(ran.stderr.strip() or ran.stdout.strip())
        return ran.stdout


__all__ = ["FOLDER", "WORKERS", "Reach"]
