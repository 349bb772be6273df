"""``lab.game_day(seed)``: a fleet in which somebody has broken six things."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import time
import tomllib
from datetime import timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from workshop import settings as workshop_settings
from workshop.errors import LabError
from workshop.game import signs, stage
from workshop.game.fleet import ACCOUNTS, Run, runs_of
from workshop.game.kinds import Kind, kinds_of
from workshop.game.reach import FOLDER, WORKERS, Reach
from workshop.lab.gateway_client import FaultSpec, GatewayClient, Meter
from workshop.lab.private_server import TemporalServer, temporal_server
from workshop.lab.processes import Process, process
from workshop.lab.session import forget_my_modules, make_package
from workshop.lab.worker_versions import make_current

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

_CONFIG = {
    # Reported at the first failure of a run's code, and not a minute later.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": 1,
    # With one partition a limit at the queue is exact.
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    # So low that a run of some seconds comes near its limit; no other run of the fleet has half as many events.
    "limit.historyCount.suggestContinueAsNew": 60,
    "limit.historyCount.error": 120,
}
_READY = 60.0
_SETTLED = 90.0
_LAST_CALLS = 8.0
"""Seconds that a worker has for what it has begun before it is killed; one that is blocked needs them all."""
_LOOK_EVERY = 0.5


class Day(Reach):
    """One game day. Made by :func:`game_day`.

    Attributes:
        seed: Which day: the same seed breaks the same things.
        scope: Its scope at the gateway.
        kinds: What is broken. To look is to give up.
        runs: The runs that it began with.
        began: When the fleet stood still, in seconds since 1970.
    """

    def __init__(self, seed: int, root: Path, name: str, kinds: list[Kind] | None = None) -> None:
        super().__init__(root)
        self.seed = seed
        self.kinds = kinds_of(seed) if kinds is None else kinds
        self.runs: list[Run] = runs_of(self.kinds)
        self.began = 0.0
        self.scope = f"{name}-{secrets.token_hex(4)}"
        self._name = name
        self._settings = workshop_settings.load()
        self._gateway = GatewayClient.for_scope(self.scope, self._settings)
        self._server: TemporalServer | None = None
        self._workers: dict[str, Process] = {}

    def __repr__(self) -> str:
        return f"Game day {self.seed}: {len(self.runs)} runs, {len(self._workers)} workers, in {FOLDER}"

    def deploy(self, *names: str) -> None:
        """Start the workers of ``workers.toml`` anew, with the code as it is now; one that has gone from it is ended.

        They end as after Ctrl-C: a call that is under way is finished, so that it need not be paid again.

        Args:
            names: Which workers; all unless given.

        Raises:
            LabError: there is no such worker, or ``workers.toml`` cannot be read.
            ProcessError: a worker ended before it was ready.
        """
        told = self._deployed()
        if unknown := set(names) - set(told):
            raise LabError(
                f"{WORKERS} has no worker {', '.join(sorted(unknown))}. It has: {', '.join(told)}."
            )
        for name in set(self._workers) - set(told):
            self._workers.pop(name).stop(_LAST_CALLS)
        for name in names or told:
            if name in self._workers:
                self._workers[name].stop(_LAST_CALLS)
            self._start(name, told[name])

    def meter(self) -> Meter:
        """What the fleet's calls have cost so far."""
        return self._gateway.meter()

    def balances(self) -> dict[str, int]:
        """What the bank's accounts hold."""
        answer = httpx2.get(f"{self._settings.scope_url(self.scope)}/bank/accounts", timeout=10)
        return dict(answer.json()["accounts"])

    def end(self) -> None:
        """End its workers and its server."""
        for worker in self._workers.values():
            worker.kill()
        self._workers.clear()
        if self._server is not None:
            self._server.kill()
        with contextlib.suppress(Exception):
            self._gateway.forget_scope()
        self._gateway.close()

    # --- how it begins -----------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Start server, workers and runs; return when whatever can go on has, and the rest stands still.

        Raises:
            LabTimeout: something did not start.
            TimeoutError: the fleet did not come to a standstill.
        """
        self._gateway.set_mode("practice")
        self._server = temporal_server(f"{self._name} server", config=_CONFIG)
        self.address = self._server.address
        self._write_files()
        base = self._settings.scope_url(self.scope)
        for account, balance in ACCOUNTS.items():
            httpx2.put(f"{base}/bank/accounts/{account}", json={"balance": balance}, timeout=10)
        self.deploy()
        client = await self.connect()
        await make_current(client, "watch", "v1")
        for kind in self.kinds:
            if kind.stage == "limit":
                await stage.limit(client, kind.department)
            elif kind.stage == "down":
                self._gateway.add_fault(FaultSpec(route="ip", kind="refuse"))
        limited = {kind.department for kind in self.kinds if kind.stage == "limit"}
        for run in self.runs:
            handle = await _begin(client, run)
            if run.department in limited:
                # The one that the limit lets through; which one is not left to chance.
                await asyncio.wait_for(handle.result(), _SETTLED)
                limited.remove(run.department)
        if any(kind.stage == "version" for kind in self.kinds):
            await self._lose_version(client)
        await self._until_still(client)
        self.began = time.time()

    def _write_files(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        make_package(self.root / "my", "game_day")
        with as_file(files("workshop.game") / "template") as template:
            for path in template.glob("*.*"):
                shutil.copy(path, self.folder / path.name)
        for kind in self.kinds:
            if kind.file:
                self.edit(kind.file, kind.old, kind.new)
        forget_my_modules()

    async def _lose_version(self, client: Client) -> None:
        """Let the watch begin with v1, and replace its workers by those of v2."""
        handle = client.get_workflow_handle("watch-1")
        async with asyncio.timeout(_SETTLED):
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.HasField("timer_started_event_attributes"):
                    break
        self.edit(WORKERS, 'version = "v1"', 'version = "v2"')
        self.deploy("watch")
        await make_current(client, "watch", "v2")

    async def _until_still(self, client: Client) -> None:
        """Wait until each run has ended, waits for a person, or is seen to stand still by one of the looks."""
        waits = {run.id for run in self.runs if run.waits}
        async with asyncio.timeout(_SETTLED):
            while True:
                found = await signs.stuck(client)
                going = {run async for run, _ in signs.running(client)} - found - waits
                if not going:
                    return
                await asyncio.sleep(_LOOK_EVERY)

    # --- its workers -------------------------------------------------------------------------------------

    def _deployed(self) -> dict[str, dict[str, Any]]:
        try:
            told = tomllib.loads((self.folder / WORKERS).read_text(encoding="utf-8"))["workers"]
        except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
            raise LabError(f"{WORKERS} cannot be read: {error}") from None
        return dict(told)

    def _start(self, name: str, told: dict[str, Any]) -> None:
        env = self._settings.client_environment(self.scope)
        env |= {"TEMPORAL_ADDRESS": self.address, "WORKSHOP_MODE": "practice"}
        env |= {str(key): str(value) for key, value in told.get("env", {}).items()}
        # A process has no directory argument: it starts in the current one.
        with contextlib.chdir(self.root):
            worker = f"{FOLDER}/worker.py"
            self._workers[name] = process(
                worker, name, name=f"{self._name} {name}", env=env, ready="ready", timeout=_READY
            )


async def _begin(client: Client, run: Run) -> WorkflowHandle[Any, Any]:
    return await client.start_workflow(
        run.workflow,
        args=list(run.arguments),
        id=run.id,
        task_queue=run.department,
        # A task that fails is held until its time is up: short, so that a mended one goes on soon.
        task_timeout=timedelta(seconds=2),
    )


_today: Day | None = None


async def game_day(seed: int) -> Day:
    """Start a fleet in which six things are broken; nothing says which.

    It has a Temporal server and a gateway scope of its own, files in ``my/game_day/``, and ends with the notebook. A
    day that was begun before is ended.

    Args:
        seed: Which day: the same seed breaks the same things, on every machine.

    Returns:
        The day, once whatever can go on has, and the rest stands still: half a minute or so.

    Raises:
        LabError: something did not start.
    """
    global _today
    if _today is not None:
        _today.end()
    _today = Day(seed, Path.cwd(), "game-day")
    await _today.begin()
    return _today


def today() -> Day | None:
    """The day that was begun in this kernel; None if none was."""
    return _today


__all__ = ["Day", "game_day", "today"]
