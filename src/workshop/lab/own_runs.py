"""The runs that a process has started: what they wait for is what the process waits for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from workshop.lab.no_result import NoResultYet
from workshop.lab.watching import Watch

_RPC = timedelta(seconds=2)

_SKEW = 2.0
"""Seconds that the server's clock may be behind this one's."""

_MOST = 20
"""Runs that are looked at."""


class OwnRuns:
    """Looks at the runs that one process has started and that go on."""

    def __init__(self, pid: int, since: float, patience: float, address: str | None = None) -> None:
        """Prepare; nothing is asked yet.

        Args:
            pid: The process.
            since: When it was started, in seconds since 1970.
            patience: Seconds that it will be waited for, from now.
            address: The Temporal server that it uses, if it is another one than this notebook's.
        """
        self._pid = pid
        self._since = since
        self._patience = patience
        self._address = address
        self._client: Client | None = None
        self._watches: dict[str, Watch | None] = {}  # by run id; None for somebody else's run

    async def hopeless(self) -> NoResultYet | None:
        """Why waiting will not help, if that is certain of one of them. It raises nothing."""
        try:
            for watch in await self._going_on():
                why = await watch.look()
                if why is not None:
                    return why
        except (RPCError, RuntimeError, OSError, ValueError):
            self._client = None
        return None

    async def account(self, waited: float) -> NoResultYet | None:
        """What the first of them is at, after some seconds; None if there is none. It raises nothing."""
        try:
            for watch in await self._going_on():
                return await watch.look() or await watch.account(waited)
        except (RPCError, RuntimeError, OSError, ValueError):
            self._client = None
        return None

    async def _going_on(self) -> list[Watch]:
        client = self._client
        if client is None:
            config = ClientConfig.load_client_connect_config()
            if self._address is not None:
                config["target_host"] = self._address
            client = self._client = await Client.connect(**config)
        since = datetime.fromtimestamp(self._since - _SKEW, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        running = f"StartTime >= '{since}' AND ExecutionStatus = 'Running'"
        found: list[Watch] = []
        async for run in client.list_workflows(running, limit=_MOST, rpc_timeout=_RPC):
            if run.run_id not in self._watches:
                own = await self._started_here(client, run.id, run.run_id)
                handle = client.get_workflow_handle(run.id, run_id=run.run_id)
                self._watches[run.run_id] = Watch(handle, self._patience) if own else None
            watch = self._watches[run.run_id]
            if watch is not None:
                found.append(watch)
        return found

    async def _started_here(self, client: Client, workflow_id: str, run_id: str) -> bool:
        handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        async for event in handle.fetch_history_events(page_size=1, rpc_timeout=_RPC):
            # The SDK's own identity is PID@HOST.
            identity = str(event.workflow_execution_started_event_attributes.identity)
            return identity.partition("@")[0] == str(self._pid)
        return False


__all__ = ["OwnRuns"]
