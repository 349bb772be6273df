"""One run in a scope of its own at the gateway, so with its own bank and faults, and the processes of its workers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from pydantic import TypeAdapter
from temporalio.client import WorkflowHandle

from workshop.lab import processes
from workshop.lab.gateway_client import NO_CERTIFICATES, GatewayClient
from workshop.lab.processes import Process
from workshop.settings import Settings
from workshop.tools.bank import Ledger


class ScopedRun:
    """One run; whoever starts it sets ``handle``.

    Args:
        settings: Where the gateway and the Temporal server are.
        folder: Where the scripts of the workers stand.
        opened: The bank's accounts, and what they hold.
        wait: Seconds that anything may take.

    Attributes:
        scope: Its scope, which is also the id of its workflow.
        workers: Every worker that has been started for it.
    """

    def __init__(self, settings: Settings, folder: Path, opened: Mapping[str, int], wait: float) -> None:
        self.settings = settings
        self.scope = f"prove-{secrets.token_hex(6)}"
        self.gateway = GatewayClient.for_scope(self.scope, settings)
        self.handle: WorkflowHandle[Any, Any]
        self.workers: list[Process] = []
        self._folder = folder
        self._opened = opened
        self._wait = wait
        self._bank = httpx2.AsyncClient(
            base_url=f"{settings.scope_url(self.scope)}/bank", trust_env=False, verify=NO_CERTIFICATES
        )

    async def open_bank(self) -> None:
        """Open the accounts."""
        for name, balance in self._opened.items():
            (await self._bank.put(f"/accounts/{name}", json={"balance": balance})).raise_for_status()

    async def ledger(self) -> Ledger:
        """What the bank's ledger holds."""
        reply = await self._bank.get("/ledger")
        return TypeAdapter(Ledger).validate_python(reply.raise_for_status().json())

    def begin_process(self, script: str, *arguments: str, env: Mapping[str, str] | None = None) -> Process:
        """Start a worker's process, without waiting for it; ``env`` is added to its environment."""
        worker = processes.process(
            self._folder / script,
            *arguments,
            name=f"{self.scope}-{len(self.workers) + 1}",
            env={**self.settings.client_environment(self.scope), **(env or {})},
        )
        self.workers.append(worker)
        return worker

    async def result(self) -> Any:
        """Wait for the result.

        Raises:
            WorkflowFailureError: the run has failed.
            TimeoutError: there is none; the message ends with what the latest worker printed last.
        """
        try:
            return await asyncio.wait_for(self.handle.result(), self._wait)
        except TimeoutError:
            said = self.workers[-1].last_lines(3)
            raise TimeoutError(f"no result in {self._wait:g} s; the worker's last lines: {said}") from None

    async def close(self) -> None:
        """Kill what is left of its workers, and have the gateway forget the scope."""
        for worker in self.workers:
            await asyncio.to_thread(worker.kill)
        await self._bank.aclose()
        self.gateway.forget_scope()
        self.gateway.close()
