"""A fresh kernel for somebody else's cells: what hangs in it is interrupted, what ends it is survived."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workshop.lab.kernels import ENCRYPTED
from workshop.settings import Settings

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient

_START = 60.0
_INTERRUPTED = 3.0

Ended = Literal["done", "interrupted", "hung", "died"]

TROUBLE: Mapping[Ended, str] = {
    "interrupted": "did not end within {seconds} s and was interrupted",
    "hung": "did not end within {seconds} s; its kernel was restarted",
    "died": "ended its kernel, which was restarted",
}


class KernelProblem(Exception):
    """No kernel can be had, which is not the learner's fault."""


class Kernel:
    """A kernel of this very Python, in ``work``, with nothing of this process's surroundings.

    Args:
        work: The kernel's working directory.
        home: A directory to be made, for what Jupyter and IPython keep.
        settings: Which gateway it uses, always in practice mode.
        first_cell: What to run again after a restart.
    """

    def __init__(self, work: Path, home: Path, settings: Settings, first_cell: str) -> None:
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        self._first_cell = first_cell
        self._work = work
        self._settings = settings
        self._scopes = [f"grade-{os.getpid()}-{secrets.token_hex(4)}"]
        self._practising = False
        self._launch: dict[str, Any] = {
            "cwd": str(work),
            "env": _environment(home, settings, self._scopes[0]),
            # Past the kernel's own capture: what a dying process writes, and the kernel's own warnings.
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        # With no kernel folders, "python3" is this very Python, whatever kernels the machine has.
        specs = KernelSpecManager(kernel_dirs=[])
        self._manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=specs,
            connection_file=str(home / "connection.json"),
            **ENCRYPTED["KernelManager"],
        )
        if os.name == "posix" and (spec := self._manager.kernel_spec) is not None:
            # On Windows a kernel is told of its parent by a handle that only the parent itself can pass on.
            spec.argv = [sys.executable, "-P", "-m", "workshop.grading.kernel_parent", *spec.argv]
        self._client: AsyncKernelClient | None = None
        self._awaited = ""

    async def start(self) -> None:
        """Start the kernel.

        Raises:
            KernelProblem: it does not start.
        """
        try:
            self._practise(self._scopes[0])
            await self._manager.start_kernel(**self._launch)
            await self._connect()
        except (RuntimeError, OSError) as error:
            raise KernelProblem(f"The kernel did not start: {' '.join(str(error).split())}") from None

    async def run(self, source: str, timeout: float) -> Ended:
        """Run one cell, at most ``timeout`` seconds, and leave a living kernel behind."""
        await self._come_home()
        ended, leaving = await self._execute(source, timeout)
        if ended == "hung" and await self._interrupt():
            ended = "interrupted"
        # Its parent may be the one that has gone.
        if (leaving and await self._dies()) or (ended == "done" and not await self._manager.is_alive()):
            ended = "died"
        if ended in ("hung", "died"):
            await self._restart(timeout)
        if not self._practising:
            await self._practise_there()
        return ended

    def practise(self) -> None:
        """Put every scope of this notebook into practice mode again: a new gateway knows nothing of it.

        Raises:
            KernelProblem: the gateway does not answer.
        """
        for scope in self._scopes:
            self._practise(scope)

    async def close(self) -> None:
        """End the kernel and forget its scopes."""
        if self._client is not None:
            self._client.stop_channels()
        if self._manager.has_kernel:
            await self._manager.shutdown_kernel(now=True)
        for scope in self._scopes:
            _forget(scope, self._settings)

    async def _connect(self) -> None:
        if self._client is not None:
            self._client.stop_channels()
        client = self._manager.client()
        client.start_channels()
        self._client = client
        await client.wait_for_ready(timeout=_START)

    async def _execute(self, source: str, timeout: float) -> tuple[Ended, bool]:
        """Run and wait. Also tells whether the cell has called ``exit()``."""
        assert self._client is not None  # noqa: S101 - start() has set it
        message = self._client.execute(source, allow_stdin=False, stop_on_error=False)
        reply = await self._reply(message, timeout)
        if reply is None:
            return ("hung" if await self._manager.is_alive() else "died"), False
        payload = reply["content"].get("payload") or []
        return "done", any(part.get("source") == "ask_exit" for part in payload)

    async def _reply(self, message: str, timeout: float) -> dict[str, Any] | None:
        assert self._client is not None  # noqa: S101 - start() has set it
        self._awaited = message
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            left = max(0.01, min(0.5, deadline - time.monotonic()))
            try:
                reply: dict[str, Any] = await self._client.get_shell_msg(timeout=left)
            except Exception as error:
                if type(error).__name__ != "Empty":
                    raise
                if not await self._manager.is_alive():
                    return None
                continue
            if reply["parent_header"].get("msg_id") == message:
                return reply
        return None

    async def _interrupt(self) -> bool:
        await self._manager.interrupt_kernel()
        return await self._reply(self._awaited, _INTERRUPTED) is not None

    async def _dies(self) -> bool:
        for _ in range(50):
            if not await self._manager.is_alive():
                return True
            await asyncio.sleep(0.1)
        return False

    async def _restart(self, timeout: float) -> None:
        try:
            await self._manager.restart_kernel(now=True, **self._launch)
            await self._connect()
        except (RuntimeError, OSError) as error:
            raise KernelProblem(f"The kernel did not start again: {error}") from None
        self._practising = False
        if self._first_cell:
            await self._execute(self._first_cell, timeout)

    async def _come_home(self) -> None:
        """Undo a cell's ``os.chdir``: later cells write their files by relative names."""
        assert self._client is not None  # noqa: S101 - start() has set it
        home = f"__import__('os').chdir({str(self._work)!r})"
        await self._reply(self._client.execute(home, silent=True, allow_stdin=False), 5.0)

    async def _practise_there(self) -> None:
        """Put the notebook's own scope into practice mode, once it has one: grading must not cost money."""
        assert self._client is not None  # noqa: S101 - start() has set it
        asked = {"scope": "__import__('os').environ.get('WORKSHOP_SCOPE')"}
        message = self._client.execute("", silent=True, user_expressions=asked, allow_stdin=False)
        reply = await self._reply(message, 5.0)
        answer = (reply or {}).get("content", {}).get("user_expressions", {}).get("scope", {})
        scope = str(answer.get("data", {}).get("text/plain", "")).strip("'\"")
        if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", scope) and scope not in self._scopes:
            self._scopes.append(scope)
            self._practising = True
            # A cell may have ended the gateway: then it is for the grader to start it and to practise again.
            with contextlib.suppress(KernelProblem):
                self._practise(scope)

    def _practise(self, scope: str) -> None:
        from workshop.lab.gateway_client import GatewayClient, GatewayError

        try:
            with GatewayClient.for_scope(scope, self._settings) as client:
                client.set_mode("practice")
        except GatewayError as error:
            raise KernelProblem(str(error)) from None


def _forget(scope: str, settings: Settings) -> None:
    from workshop.lab.gateway_client import GatewayClient, GatewayError

    try:
        with GatewayClient.for_scope(scope, settings) as client:
            client.forget_scope()
    except GatewayError:
        pass  # a gateway that has gone has forgotten it too


_KEPT = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH"}
    # Windows: without these, sockets and temporary files fail.
    | {"SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"}
)


def _environment(home: Path, settings: Settings, scope: str) -> dict[str, str]:
    """What a kernel needs and no more: no start-up files, no PYTHON* variables, no key of the grader's."""
    home.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _KEPT or name.startswith(("LC_", "TEMPORAL_", "WORKSHOP_"))
    }
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        kept[variable] = str(home)
    return kept | settings.client_environment(scope) | {"WORKSHOP_NO_PROGRESS": "1"}


__all__ = ["TROUBLE", "Ended", "Kernel", "KernelProblem"]
