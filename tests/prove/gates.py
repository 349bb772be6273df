"""Tells gated workers what they may take (see ``gated_worker.py``, which runs in their processes)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Self

from workshop.lab.processes import Process


class Gates:
    """The proof's end of each worker's gate.

    Args:
        folder: Where ``gated_worker.py`` stands; its processes look for the socket beside it.
    """

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "gate"
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._met = asyncio.Condition()
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._meet, self._socket)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._writers.values():
            writer.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pid = int(await reader.readline())
        async with self._met:
            self._writers[pid] = writer
            self._met.notify_all()
        await reader.read()  # it says no more; this ends when the process does
        if self._writers.get(pid) is writer:
            del self._writers[pid]
        writer.close()

    def knows(self, worker: Process) -> bool:
        """Whether a worker listens."""
        return worker.pid in self._writers

    async def say(self, worker: Process, *words: str) -> None:
        """Say these words to a worker, as soon as it listens.

        Raises:
            RuntimeError: it has ended.
        """
        if not worker.running:
            raise RuntimeError(f"{worker.name} has ended, and cannot do what it is told: {words}")
        async with self._met:
            await self._met.wait_for(lambda: self.knows(worker))
        self._writers[worker.pid].write("".join(f"{word}\n" for word in words).encode())
