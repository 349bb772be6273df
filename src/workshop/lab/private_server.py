"""``lab.temporal_server()``: a Temporal server that a lesson may kill, since nobody else uses it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping
from typing import Any

import psutil

from workshop.errors import LabError, LabTimeout
from workshop.lab import dev_server, ports
from workshop.lab.links import Link, browser_url, path_of_workflow
from workshop.lab.own_files import own_file
from workshop.lab.processes import Process, ProcessError, enter
from workshop.lab.programs import temporal_cli
from workshop.lab.service import DOWNLOAD_TIMEOUT, START_TIMEOUT
from workshop.lab.temporal_service import environment_of_temporal
from workshop.runs.budget import Limit, Limits
from workshop.settings import LOOPBACK

_PORT_FREE = 10.0
"""Seconds in which a killed server's port must be free again; the kernel takes milliseconds."""

_LOOK_EVERY = 0.01


class TemporalServer(Process):
    """A dev server on a port and a SQLite file of its own. Made by :func:`temporal_server`.

    It is a :class:`~workshop.lab.Process`: ``kill``, ``restart``, ``stop``, ``running``, ``output`` and the
    buttons of a panel work as they do there. A restart keeps the port and the file, so that clients and
    workers find the server, and the server its workflows, again. ``pid`` is the process that holds the
    server; they are one process group, and die together.
    """

    kind = "Temporal server"

    def __init__(
        self,
        name: str,
        config: Mapping[str, Any] | None = None,
        web_ui: bool = False,
        codec_endpoint: str | None = None,
    ) -> None:
        self._config = dict(config or {})
        try:
            self._begin(name, web_ui, codec_endpoint)
        except ProcessError:
            # Such as a port that was free, and was taken before the server had it: once more, on others.
            self._begin(name, web_ui, codec_endpoint)

    def _begin(self, name: str, web_ui: bool, codec_endpoint: str | None) -> None:
        self._port = ports.free_port()
        self._metrics_port = ports.free_port()
        self._ui_port = ports.free_port() if web_ui else None
        arguments = ["--port", str(self._port), "--db-filename", str(own_file(".db"))]
        arguments += ["--metrics-port", str(self._metrics_port)]
        if self._ui_port is not None:
            arguments += ["--ui-port", str(self._ui_port)]
        if codec_endpoint is not None:
            arguments += ["--codec-endpoint", codec_endpoint]
        for key, value in self._config.items():
            arguments += ["--config", f"{key}={json.dumps(value)}"]
        cli = temporal_cli()
        super().__init__(
            dev_server.__file__,
            *(["hold", *arguments, "--cli", cli] if cli else ["serve", *arguments]),
            name=name,
            env=without_the_agents_variables(),
            ready=dev_server.READY,
            timeout=START_TIMEOUT if cli else DOWNLOAD_TIMEOUT,
        )

    @property
    def address(self) -> str:
        """Where it listens, as ``host:port``: for ``Client.connect``, or as ``TEMPORAL_ADDRESS``."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def metrics_url(self) -> str:
        """Where Prometheus reads the server's own metrics, as text."""
        return f"http://{LOOPBACK}:{self._metrics_port}/metrics"

    def link(self, workflow_id: str) -> Link:
        """A link to a workflow's page in this server's Web UI.

        Raises:
            LabError: it was started without one.
        """
        if self._ui_port is None:
            raise LabError(f"{self.name} has no Web UI: start it with web_ui=True.")
        return Link(browser_url(self._ui_port, path_of_workflow(workflow_id)))

    @property
    def limits(self) -> Limits:
        """What it does about long histories: the defaults, but for what its configuration says otherwise."""
        defaults = Limits()

        def limit(default: Limit, word: str) -> Limit:
            size = self._config.get(f"limit.historySize.{word}", default.bytes)
            return Limit(size, self._config.get(f"limit.historyCount.{word}", default.events))

        return Limits(
            limit(defaults.flag, "suggestContinueAsNew"),
            limit(defaults.warning, "warn"),
            limit(defaults.end, "error"),
            "the server's defaults" if not self._config else f"as {self.name} is configured",
        )

    def kill(self) -> None:
        """Kill it at once (SIGKILL), as a power cut would, and wait until its port is free.

        Raises:
            LabTimeout: something still listens there.
        """
        if not self.running:
            super().kill()
            return
        held: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            held = psutil.Process(self.pid).children(recursive=True)
        super().kill()
        for process in held:
            # Where there are no process groups (Windows), it has outlived the process that held it.
            with contextlib.suppress(psutil.Error):
                process.kill()
        deadline = time.monotonic() + _PORT_FREE
        while not ports.is_free(self._port):
            if time.monotonic() > deadline:
                raise LabTimeout(f"{self.name} was killed, but its port is not free.")
            time.sleep(_LOOK_EVERY)


def temporal_server(
    name: str = "server",
    *,
    config: Mapping[str, Any] | None = None,
    web_ui: bool = False,
    codec_endpoint: str | None = None,
) -> TemporalServer:
    """Start a Temporal server of this notebook's own, and wait until it answers; it ends with the notebook.

    Starting a second one under the same name kills the first, and begins with an empty file.

    Args:
        name: What to call it, among this notebook's processes.
        config: Values of its dynamic configuration, by key: ``{"limit.historySize.error": 300_000}``.
        web_ui: Whether it has a Web UI, on a port of its own: see its ``link``.
        codec_endpoint: Who opens encrypted payloads for that Web UI: an address that the browser can reach.

    Raises:
        ProcessError: it ended before it answered.
        LabTimeout: it did not answer in time; it has been killed.
    """
    return enter(name, lambda: TemporalServer(name, config, web_ui, codec_endpoint))


def without_the_agents_variables() -> dict[str, None]:
    """For ``env``: what is taken away from a process that runs no agent, and so needs no key and no scope."""
    kept = environment_of_temporal()
    kept.pop("WORKSHOP_SCOPE", None)  # it has no agent to trace
    return dict.fromkeys(variable for variable in os.environ if variable not in kept)


__all__ = ["TemporalServer", "temporal_server", "without_the_agents_variables"]
