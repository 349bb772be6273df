"""The learner's files in a copy, a server that nobody else uses, and how findings are judged."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from workshop import catalog
from workshop.checks.bench import Bench, NotYet, describe, need_function, place_of
from workshop.checks.outcomes import shorten
from workshop.checks.workflows import course_files
from workshop.errors import LabError, ServerSilent
from workshop.lab.private_server import TemporalServer

REPORTED_AT_ONCE = {"system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": 1}
"""Has a server report a run at the first failure of its code; by default it takes five, nearly a minute."""


@contextlib.contextmanager
def project(bench: Bench) -> Iterator[None]:
    """Let the bench work in a copy of the lesson's files in which all but the exercise's are the course's."""
    files = [file for file in catalog.lesson_of("fleet").files if file != bench.exercise.file]
    with course_files(bench, *files):
        yield


@contextlib.contextmanager
def own_server(bench: Bench) -> Iterator[str]:
    """A Temporal server for this check alone: a look at a fleet sees all runs of a server. Its address.

    Raises:
        ServerSilent: it does not start, which is none of the learner's fault.
    """
    try:
        server = TemporalServer(f"{bench.scope}-server", REPORTED_AT_ONCE)
    except LabError as error:
        raise ServerSilent(f"The server of this check does not start: {error}") from error
    try:
        yield server.address
    finally:
        server.kill()


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 25.0) -> None:
    """In the child: wait until something holds that no event tells of.

    Raises:
        TimeoutError: it does not.
    """
    async with asyncio.timeout(seconds):
        for pause in itertools.repeat(0.1):
            if await holds():
                return
            await asyncio.sleep(pause)


async def findings_of(module: ModuleType, name: str, *arguments: Any) -> dict[str, str]:
    """In the child: what a look of the learner's finds; the problems by the runs' ids.

    Raises:
        NotYet: it is no look, or a finding says nothing.
    """
    look = need_function(module, name, is_async=True)
    found = await look(*arguments)
    kind = getattr(module, "Finding", None)
    if not isinstance(found, list) or not all(type(one).__name__ == "Finding" for one in found):
        raise NotYet(f"a list of findings from `{name}`", describe(found), place_of(module, kind and look))
    problems: dict[str, list[str]] = {}
    for one in found:
        for field in ("run", "problem", "remedy"):
            value = getattr(one, field)
            if not isinstance(value, str) or not value.strip():
                raise NotYet(f"a finding to say its `{field}`", describe(value), "`Finding(...)`")
        problems.setdefault(one.run, []).append(one.problem)
    return {run: " / ".join(said) for run, said in problems.items()}


def judge_findings(
    found: Mapping[str, str],
    broken: Mapping[str, str],
    healthy: Mapping[str, str],
    look: str,
    call: str = "",
) -> None:
    """See that each broken run is found, and no other.

    Args:
        found: The problems by the runs' ids.
        broken: What is wrong with a run, in words that follow "a run": by its id.
        healthy: The same of the others.
        look: Where to look if one is missing or too much.
        call: How the look was called, if not as in the lesson.

    Raises:
        NotYet: a run is missing, or is a false alarm.
    """
    known = {**broken, **healthy}
    by = f" by `{call}`" if call else ""
    # First, since whoever gives other ids has perhaps found the right runs.
    for run in found:
        if run not in known:
            raise NotYet(
                "the workflow's id in a finding's `run`", f"no workflow has the id {run!r}", "`Finding(...)`"
            )
    for run, what in broken.items():
        if run not in found:
            others = _listed([f"a run {known[one]}" for one in known if one in found])
            got = f"it is not among the findings; found: {others}" if found else "nothing is found"
            raise NotYet(f"a run {what} to be found{by}", got, look)
    for run, what in healthy.items():
        if run in found:
            raise NotYet(
                f"no alarm for a run {what}{by}",
                f"it is among the findings: {shorten(found[run], 120)}",
                look,
            )


def _listed(texts: list[str], most: int = 2) -> str:
    more = f", and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


__all__ = ["findings_of", "judge_findings", "own_server", "project", "until"]
