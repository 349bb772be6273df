"""Starting a service as a process of its own, and waiting until it answers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workshop.lab.service import START_TIMEOUT, TITLES, Name, Say, ServiceError
from workshop.settings import Settings

_LOOK_EVERY = 0.02


@dataclass
class Start:
    """One service being started: what to wait for, and where to look if it dies.

    Attributes:
        answers: Tells whether it is ready.
        ready_line: What to say then.
        began: When it was started, by ``time.monotonic()``.
        timeout: Seconds in which it must answer.
    """

    name: Name
    process: subprocess.Popen[bytes]
    log: Path
    answers: Callable[[], bool]
    ready_line: str
    began: float = field(default_factory=time.monotonic)
    timeout: float = START_TIMEOUT


def environment_without_keys() -> dict[str, str]:
    """This process's environment without any OpenAI key, for a process that has no need of one."""
    return {
        variable: value
        for variable, value in os.environ.items()
        if not (variable.startswith("OPENAI_") and "KEY" in variable)
    }


def spawn(
    name: Name, command: list[str], settings: Settings, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a process that outlives this one.

    Args:
        name: The service, which names the log.
        command: What to run.
        settings: Where to keep the log.
        environment: All of its environment variables.

    Returns:
        The process, and its log.

    Raises:
        OSError: it cannot be started.
    """
    log = settings.state_dir / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=settings.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in this terminal is not meant for it
            creationflags=flags,
        )
    # Should it end while this process lives on (a kernel, say), it must not stay behind as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process, log


def await_starts(starts: list[Start], say: Say) -> None:
    """Wait until all of them answer.

    Args:
        starts: The services.
        say: Is told of each when it does.

    Raises:
        ServiceError: one has ended, or does not answer in time.
    """
    waiting = list(starts)
    while waiting:
        for start in list(waiting):
            if start.answers():
                waiting.remove(start)
                say(f"{start.ready_line} ({time.monotonic() - start.began:.1f} s).")
            elif start.process.poll() is not None:
                raise ServiceError(
                    f"{TITLES[start.name]}: ended (exit code {start.process.returncode}) before it was ready."
                    f"{tail_of(start.log)}"
                )
            elif time.monotonic() - start.began > start.timeout:
                raise ServiceError(
                    f"{TITLES[start.name]}: does not answer after {start.timeout:g} s. "
                    f"Run `python -m workshop down` and try again.{tail_of(start.log)}"
                )
        time.sleep(_LOOK_EVERY)


def tail_of(log: Path) -> str:
    """The end of a log, to put behind a message; empty if there is none."""
    with contextlib.suppress(OSError):
        lines = log.read_text(errors="replace").strip().splitlines()[-5:]
        if lines:
            return f" The end of {log}:\n" + "\n".join(f"  {line[:300]}" for line in lines)
    return ""


__all__ = ["Start", "await_starts", "environment_without_keys", "spawn", "tail_of"]
