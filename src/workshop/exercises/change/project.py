"""The learner's files in a copy: the exercise's own as it is, every other one the course's, some of them changed."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from workshop import catalog
from workshop.checks.bench import Bench, NotYet
from workshop.checks.workflows import course_files

WATCH = "my/change/watch.py"
HISTORIES = "my/change/histories"


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


async def failures_of(bench: Bench, *changes: Change | None) -> list[str]:
    """Run the exercise's file with pytest, once for each change to the watch; None is the watch as it is.

    Args:
        bench: The check's, inside :func:`project`.
        changes: What is different in the watch, each time.

    Returns:
        What the first failing test says, for each change; empty if all tests pass.

    Raises:
        NotYet: there is no test, or one does not end.
    """
    edits = [None if one is None else [one.old, one.new] for one in changes]
    told = await bench.run(_probe_pytest, bench.exercise.file, edits, file=WATCH)
    return [str(one) for one in told]


def _probe_pytest(module: ModuleType, file: str, edits: list[list[str] | None]) -> list[str]:
    watch = inspect.getsource(module)
    return [_failure(file, watch if edit is None else _edited(watch, *edit)) for edit in edits]


def _failure(file: str, watch: str) -> str:
    # The child's directory is the copy, and it reads sources anew; but a module that is imported stays as it was.
    Path(WATCH).write_text(watch, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "my"]:
        del sys.modules[name]
    return failure_of(file)


def failure_of(file: str) -> str:
    """In the child: run a file with pytest, in the current directory; what its first failure says, or nothing.

    Raises:
        NotYet: there is no test in it.
    """
    import pytest

    noted = _Noted()
    options = ("-q", "-x", "-p", "no:cacheprovider", "--import-mode=importlib", "--rootdir", str(Path.cwd()))
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main([*options, file], plugins=[noted])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise NotYet("a test", "pytest finds none", f"{file}: `async def test_...`")
    return "" if code == pytest.ExitCode.OK else noted.failure or f"pytest ended with {code!r}"


class _Noted:
    """A plugin of pytest's that notes what the first failure says."""

    failure = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.failure:
            crash = getattr(report.longrepr, "reprcrash", None)
            message = str(crash.message if crash is not None else report.longrepr)
            # Of an error that Temporal's core has printed with all its fields, the sentence.
            sentence = re.search(r'\[TMPRL\d+\] [^"\n]+', message)
            self.failure = sentence[0] if sentence else message.partition("\n")[0]

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.failure:
            self.failure = str(report.longrepr).strip().splitlines()[-1].removeprefix("E ").strip()


def _edited(text: str, old: str, new: str) -> str:
    if old not in text:
        raise LookupError(f"the lesson's watch has no {old!r}")
    return text.replace(old, new)


__all__ = ["HISTORIES", "WATCH", "Change", "failure_of", "failures_of", "project"]
