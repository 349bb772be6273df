"""Which exercises have passed on this machine: ``progress.json`` in the state directory.

``WORKSHOP_NO_PROGRESS=1`` keeps a process from writing it: graders, tests and CI are not the learner.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from workshop.settings import Settings, load

_LOCK_LIMIT = 3.0


class Progress(BaseModel):
    """What is known of one exercise.

    Attributes:
        attempts: Checks that ended in PASSED or NOT YET.
        first_passed: When it first passed, in ISO 8601 with the zone (UTC); None before.
    """

    model_config = ConfigDict(frozen=True)

    passed: bool = False
    attempts: int = Field(default=0, ge=0)
    first_passed: str | None = None


_FILE = TypeAdapter(dict[str, Progress])


def path(settings: Settings | None = None) -> Path:
    """Where progress is kept."""
    return (settings or load()).state_dir / "progress.json"


def read(settings: Settings | None = None) -> dict[str, Progress]:
    """Progress by exercise id; empty if there is none. A file that cannot be read counts as none."""
    return _read(path(settings))[0]


def record(exercise_id: str, *, passed: bool, settings: Settings | None = None) -> str | None:
    """Count one attempt. A pass is never taken back by a later failure.

    Returns:
        One sentence for the learner if progress could not be kept as usual, else None.
    """
    if os.environ.get("WORKSHOP_NO_PROGRESS") == "1":
        return None
    file = path(settings)
    try:
        with _locked(file):
            known, said = _read_or_move_aside(file)
            earlier = known.get(exercise_id, Progress())
            known[exercise_id] = Progress(
                passed=earlier.passed or passed,
                attempts=earlier.attempts + 1,
                first_passed=earlier.first_passed
                or (datetime.now(UTC).isoformat(timespec="seconds") if passed else None),
            )
            _write(file, known)
            return said
    except (OSError, Timeout) as error:
        return f"Progress was not saved: {error}"


def forget(exercise_ids: Iterable[str] | None = None, settings: Settings | None = None) -> list[str]:
    """Forget exercises, or all of them.

    Returns:
        The ids that were known and are forgotten.

    Raises:
        OSError: the file cannot be written.
    """
    file = path(settings)
    with _locked(file):
        known, _ = _read_or_move_aside(file)
        gone = sorted(known if exercise_ids is None else set(exercise_ids) & set(known))
        _write(file, {name: one for name, one in known.items() if name not in gone})
        return gone


def _locked(file: Path) -> FileLock:
    file.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(file.with_name(file.name + ".lock"), timeout=_LOCK_LIMIT)


def _read(file: Path) -> tuple[dict[str, Progress], bool]:
    """What the file holds, and whether it is sound."""
    try:
        return _FILE.validate_json(file.read_bytes()), True
    except FileNotFoundError:
        return {}, True
    except (OSError, ValidationError):
        return {}, False


def _read_or_move_aside(file: Path) -> tuple[dict[str, Progress], str | None]:
    known, sound = _read(file)
    if sound:
        return known, None
    aside = file.with_name(f"progress.corrupt-{datetime.now(UTC):%Y%m%dT%H%M%S}.json")
    os.replace(file, aside)
    return (
        {},
        f"Progress could not be read. It starts from zero again, and the old file is kept as {aside.name}.",
    )


def _write(file: Path, known: dict[str, Progress]) -> None:
    text = json.dumps({name: one.model_dump() for name, one in sorted(known.items())}, indent=1)
    fresh = file.with_name(f".progress.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(text + "\n", encoding="utf-8")
        # Replaced in one step: a reader sees the old file or the new one, never half of one.
        os.replace(fresh, file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
