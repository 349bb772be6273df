"""The folder in which the workers of a proof run: the lessons' own files, solved, beside the proof's scripts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop import catalog

_HERE = Path(__file__).parent


@contextmanager
def workplace(*folders: str) -> Iterator[Path]:
    """A folder with what lessons write, as their solutions have it; it goes away afterwards.

    Each lesson is named by the folder below ``my/`` that is its own.

    The scripts of the workers stand beside ``my/``, and can import this package's ``stops``.
    """
    folder = Path(tempfile.mkdtemp(prefix="workshop-prove-"))
    try:
        for own in folders:
            for name, content in catalog.lesson_of(own).files.items():
                _write(folder / name, content)
        for package in (folder / "my", *(folder / "my").iterdir()):
            (package / "__init__.py").touch()
        _write(folder / "prove" / "__init__.py", "")
        shutil.copy(_HERE / "stops.py", folder / "prove")
        for script in (
            "worker.py",
            "agent_worker.py",
            "gated_worker.py",
            "free_worker.py",
            "moving_agent.py",
        ):
            shutil.copy(_HERE / script, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
