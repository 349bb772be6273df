"""A kernel, and the front end's side of it."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.manager import KernelManager

from tests.lab.widgets import read


class Kernel:
    """A kernel and the front end's side of it: runs cells, presses buttons, reads what widgets say."""

    def __init__(self) -> None:
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel()
        self.client = self._manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.widgets: dict[str, dict[str, Any]] = {}

    def end(self, now: bool = False) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=now)

    def start(self, code: str) -> str:
        return str(self.client.execute(code))

    def run(self, code: str) -> str:
        """Run a cell to its end; its text."""
        return self.finish(self.start(code))

    def finish(self, cell: str) -> str:
        texts: list[str] = []
        while True:
            message = self._next(20)
            content = message["content"]
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "error":
                raise AssertionError("\n".join(content["traceback"]))
            texts.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return "".join(text for text in texts if text)

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
