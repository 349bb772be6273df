"""A kernel, and the front end's side of it."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

from jupyter_client.manager import KernelManager

from tests.lab.widgets import read
from workshop.lab.kernels import ENCRYPTED

_SILENCE = 90.0
"""Seconds in which a cell must say something: its first import of Temporal's client takes as long on a busy machine."""


@dataclass
class Outcome:
    """What a cell did.

    Attributes:
        text: What it printed, and what its last line gave.
        error: The traceback as it was shown; empty if there was none.
        seconds: How long it ran, since its interrupt if there was one.
    """

    text: str = ""
    error: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Kernel:
    """A kernel and the front end's side of it: runs cells, presses buttons, reads what widgets say."""

    def __init__(self, **environment: str) -> None:
        self._manager = KernelManager(kernel_name="python3", **ENCRYPTED["KernelManager"])
        self._manager.start_kernel(env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
        self.client = self._manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.widgets: dict[str, dict[str, Any]] = {}

    @property
    def pid(self) -> int:
        return int(self._manager.provisioner.pid)  # type: ignore[union-attr]

    @property
    def alive(self) -> bool:
        return bool(self._manager.is_alive())

    def end(self, now: bool = False) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=now)

    def start(self, code: str) -> str:
        return str(self.client.execute(code))

    def run(self, code: str) -> str:
        """Run a cell to its end; its text."""
        return self.finish(self.start(code))

    def finish(self, cell: str) -> str:
        outcome = self.outcome(cell)
        assert not outcome.error, "\n".join(outcome.error)
        return outcome.text

    def outcome(self, cell: str, *, interrupt_at: str = "") -> Outcome:
        """Wait for a cell's end.

        Args:
            cell: What :meth:`start` returned.
            interrupt_at: Interrupt it once it has printed this.
        """
        outcome = Outcome()
        began = time.monotonic()
        while True:
            message = self._next(_SILENCE)
            content = message["content"]
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "error":
                outcome.error = content["traceback"]
            outcome.text += content.get("text") or content.get("data", {}).get("text/plain", "")
            if interrupt_at and interrupt_at in outcome.text:
                interrupt_at = ""
                time.sleep(0.3)  # for the loop to be asleep
                began = time.monotonic()
                self._manager.interrupt_kernel()
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                outcome.seconds = time.monotonic() - began
                return outcome

    def wait_for(self, *texts: str, timeout: float = 15) -> None:
        """Wait until the widgets say all of it."""
        deadline = time.monotonic() + timeout
        while not all(text in self.says() for text in texts):
            assert time.monotonic() < deadline, self.says()
            try:
                self._next(0.2)
            except Empty:
                continue

    def says(self) -> str:
        values = [state.get("value") for state in self.widgets.values()]
        return "\n".join(read(value) for value in values if isinstance(value, str))

    def press(self, label: str) -> None:
        self._send(label, {"method": "custom", "content": {"event": "click"}})

    def tick(self, label: str, on: bool) -> None:
        self._send(label, {"method": "update", "state": {"value": on}, "buffer_paths": []})

    def _send(self, label: str, data: dict[str, Any]) -> None:
        model = next(key for key, state in self.widgets.items() if state.get("description") == label)
        message = self.client.session.msg("comm_msg", {"comm_id": model, "data": data})
        self.client.shell_channel.send(message)

    def _next(self, timeout: float) -> dict[str, Any]:
        message: dict[str, Any] = self.client.get_iopub_msg(timeout=timeout)
        content = message["content"]
        if message["msg_type"] == "comm_open":
            self.widgets[content["comm_id"]] = dict(content["data"]["state"])
        elif message["msg_type"] == "comm_msg" and content["data"].get("method") == "update":
            self.widgets.setdefault(content["comm_id"], {}).update(content["data"]["state"])
        elif message["msg_type"] == "comm_close":
            self.widgets.pop(content["comm_id"], None)
        return message
