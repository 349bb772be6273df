"""The learner's files in a copy: the exercise's own as it is, every other one the course's, some of them changed."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop import catalog
from workshop.checks.bench import Bench, CourseProblem, NotYet
from workshop.checks.workflows import course_files

WATCH = "my/change/watch.py"
HISTORIES = "my/change/histories"

_PYTEST = 60.0
"""Seconds for one run of pytest, which takes three on a machine that does nothing else."""


@dataclass(frozen=True)
class Change:
    """A change to a file of the course's.

    Attributes:
        what: What the watch does with it, in words that follow "a watch that".
        old: A text in the file.
        new: What takes its place.
    """

    what: str
    old: str
    new: str


@contextlib.contextmanager
def project(bench: Bench) -> Iterator[None]:
    """Let the bench work in a copy of the project, in which all files but the exercise's are the course's."""
    files = [file for file in catalog.lesson_of("change").files if file != bench.exercise.file]
    with course_files(bench, *files):
        shutil.rmtree(bench.directory / HISTORIES, ignore_errors=True)
        yield


def changed(text: str, change: Change | None) -> str:
    """A file's text with a change.

    Raises:
        CourseProblem: the text to change is not there.
    """
    if change is None:
        return text
    if change.old not in text:
        raise CourseProblem(f"The lesson's {WATCH} has no {change.old!r}.", "Report it to the authors.")
    return text.replace(change.old, change.new)


async def failure_of(bench: Bench, change: Change | None = None, *, histories: bool = False) -> str:
    """Run the exercise's file with pytest, in a copy of the project where the watch may be changed.

    Args:
        bench: The check's, inside :func:`project`.
        change: What is different in the watch.
        histories: Whether the copy has the saved histories.

    Returns:
        What the first failing test says; empty if all tests pass.

    Raises:
        NotYet: there is no test, or it does not end.
    """
    with tempfile.TemporaryDirectory(prefix="workshop-pytest-", ignore_cleanup_errors=True) as folder:
        ignored = ["__pycache__"] + ([] if histories else [Path(HISTORIES).name])
        shutil.copytree(bench.directory / "my", Path(folder) / "my", ignore=shutil.ignore_patterns(*ignored))
        watch = Path(folder) / WATCH
        watch.write_text(changed(watch.read_text(encoding="utf-8"), change), encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=short", bench.exercise.file),
            cwd=folder,
            env=bench.environment() | {"PYTHONPATH": folder},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), min(_PYTEST, bench.remaining() - 1))
        except TimeoutError:
            raise NotYet(
                "a test that ends", "it still runs", f"{bench.exercise.file}: its `await`s"
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    text = output.decode(errors="replace")
    if process.returncode == 0:
        return ""
    if process.returncode == 5:  # https://docs.pytest.org/en/stable/reference/exit-codes.html
        raise NotYet("a test", "pytest finds none", f"{bench.exercise.file}: `async def test_...`")
    said = re.findall(r"^E +(.+)$", text, re.MULTILINE)
    return str(said[0] if said else text.strip().splitlines()[-1])


__all__ = ["HISTORIES", "WATCH", "Change", "changed", "failure_of", "project"]
