"""The learner's project with people in the loop: a copy of it in which every other file is the course's."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from types import ModuleType

from workshop import catalog
from workshop.checks.bench import Bench
from workshop.checks.workflows import course_files

_NATIVE = tuple(f"my/native_agent/{name}.py" for name in ("failures", "heartbeats", "messages", "model"))


@contextlib.contextmanager
def project(bench: Bench) -> Iterator[None]:
    """Let the bench work in a copy of the project, in which all files but the exercise's are the course's.

    So a check judges one file.
    """
    files = [file for file in catalog.lesson_of("people").files if file != bench.exercise.file]
    with course_files(bench, *_NATIVE, *files):
        yield


def activities() -> ModuleType:
    """In the child: the project's ``activities.py``."""
    return importlib.import_module("my.people.activities")
