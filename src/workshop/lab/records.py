"""What was started here, on record in the state directory.

``services.json`` holds each process's id *and* the time it started, so that a process that merely got the same id
later is never taken for ours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from workshop.lab.known_processes import same_process
from workshop.lab.service import DOWNLOAD_TIMEOUT, TITLES, Name, ServiceError
from workshop.lab.state_dir import need_state_dir
from workshop.settings import Settings


class Record(BaseModel):
    """One process that was started here, and what would make it the wrong one now."""

    pid: int
    started_at: float
    port: int
    settings_digest: str = ""
    file_digest: str = ""
    owner_pid: int | None = None
    owner_started_at: float | None = None

    def process(self) -> psutil.Process | None:
        """The process itself, None if it has ended (its id may be somebody else's by now)."""
        return same_process(self.pid, self.started_at)

    def owner_lives(self) -> bool:
        """Whether the command that started it for itself (``lab``) still runs."""
        if self.owner_pid is None or self.owner_started_at is None:
            return False
        return same_process(self.owner_pid, self.owner_started_at) is not None


def record_of(pid: int, port: int) -> Record:
    """Make the record of a process that was started this moment.

    Args:
        pid: Its id.
        port: Where it listens.
    """
    try:
        return Record(pid=pid, started_at=psutil.Process(pid).create_time(), port=port)
    except psutil.NoSuchProcess:
        # It ended at once; the wait that follows says so.
        return Record(pid=pid, started_at=0.0, port=port)


def read_records(settings: Settings) -> dict[Name, Record]:
    """Read what was started here; a file that cannot be read counts as none."""
    try:
        stored = json.loads(_records_file(settings).read_text())
        return {name: Record.model_validate(stored[name]) for name in TITLES if name in stored}
    except (OSError, ValueError, TypeError, ValidationError):
        return {}


def write_records(settings: Settings, records: dict[Name, Record]) -> None:
    """Write what was started here, in the place of what was on record."""
    path = _records_file(settings)
    if not records:
        path.unlink(missing_ok=True)
        return
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({name: record.model_dump() for name, record in records.items()}, indent=2))
    fresh.replace(path)


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Let nobody else start or end services meanwhile.

    Raises:
        ServiceError: somebody else has been at it for minutes, or the state directory cannot be written.
    """
    need_state_dir(settings)
    try:
        with FileLock(settings.state_dir / "services.lock", timeout=DOWNLOAD_TIMEOUT):
            yield
    except Timeout:
        raise ServiceError(
            "Another command has been starting or ending the services for minutes. End it and try again."
        ) from None


@contextmanager
def recorded_jupyter(settings: Settings, pid: int) -> Iterator[None]:
    """Keep JupyterLab's process on record while ``lab`` runs, so that ``down`` can end it after a crash."""
    with locked(settings):
        records = read_records(settings)
        record = record_of(pid, settings.jupyter_port)
        record.owner_pid = os.getpid()
        record.owner_started_at = psutil.Process().create_time()
        records["jupyter"] = record
        write_records(settings, records)
    try:
        yield
    finally:
        with locked(settings):
            records = read_records(settings)
            if "jupyter" in records and records["jupyter"].pid == pid:
                del records["jupyter"]
                write_records(settings, records)


def _records_file(settings: Settings) -> Path:
    return settings.state_dir / "services.json"


__all__ = ["Record", "locked", "read_records", "record_of", "recorded_jupyter", "write_records"]
