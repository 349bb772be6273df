"""The learner's project, made complete where exercises are still open."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from workshop import catalog
from workshop.checks.bench import Bench
from workshop.checks.exercise import id_of
from workshop.checks.workflows import course_files

FOLDER = "my/native_agent"


def id_of_part(name: str) -> str:
    """The id of the exercise that writes a part of the project, such as ``tool_calls``, for a message."""
    return id_of(f"{FOLDER}/{name}.py")


def files_from(first: str, last: str) -> str:
    """Where to look if one of several parts may be to blame: the files of all exercises from one to another."""
    return f"the files of exercises {id_of_part(first)} to {id_of_part(last)}"


@contextlib.contextmanager
def project(bench: Bench, tools: str = "weather_tools") -> Iterator[None]:
    """Let the bench work in a copy of the learner's project, made complete, as long as the block lasts.

    What is missing there, or an exercise that is still open, is the course's. ``toolset.py`` always is, because
    the lesson itself changes it.

    Args:
        bench: The check's.
        tools: The module of tools that the copy's agent has.
    """
    toolset = f"{FOLDER}/toolset.py"

    def wanted(file: str) -> bool:
        if file == toolset:
            return True
        # A file that the lesson gives has no exercise.
        return file != bench.exercise.file and bench.openness(file) is not None

    with course_files(bench, *filter(wanted, catalog.lesson_of("native_agent").files)):
        path = bench.path(toolset)
        path.write_text(path.read_text(encoding="utf-8").replace("weather_tools", tools), encoding="utf-8")
        yield
