"""The learner's watch: a copy of its folder in which every other file is the course's."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from workshop import catalog
from workshop.checks.bench import Bench
from workshop.checks.workflows import course_files


@contextlib.contextmanager
def project(bench: Bench) -> Iterator[None]:
    """Let the bench work in a copy of the project, in which all files but the exercise's are the course's.

    So a check judges one file.
    """
    files = [file for file in catalog.lesson_of("watch").files if file != bench.exercise.file]
    with course_files(bench, *files):
        yield


def activities() -> list[Any]:
    """In the child: the activities of the watch."""
    own: ModuleType = importlib.import_module("my.watch.activities")
    return [own.read_bulletin, own.hand_over]
