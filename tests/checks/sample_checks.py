"""Exercises of a lesson that does not exist, for the tests of the engine and of the grader."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, need, need_function, place_of
from workshop.checks.exercise import Exercise
from workshop.checks.registry import CheckFunction, register


def exercise(
    exercise_id: str, *, file: str, proves: str, timeout: float = 20.0
) -> Callable[[CheckFunction], CheckFunction]:
    """As `registry.exercise`, for a lesson that is in no catalogue."""

    def register_it(function: CheckFunction) -> CheckFunction:
        register(Exercise(exercise_id, file, proves, HINTS, timeout), function)
        return function

    return register_it


HINTS = ("What is it?", "See https://docs.python.org/3/", "answer = 6 * ...")


@exercise("91.1", file="my/sample/answer.py", proves="You know the answer.", timeout=2)
async def answer(bench: Bench) -> str:
    found = await bench.run(probe_answer)
    if found != 42:
        raise NotYet("42", str(found), "`answer`")
    return f"It is {found}."


def probe_answer(module: ModuleType) -> int:
    return int(need(module, "answer", int))


@exercise("91.2", file="my/sample/double.py", proves="A function can wait.", timeout=2)
async def double(bench: Bench) -> None:
    for number in (2, -5):
        found = await bench.run(probe_double, number)
        if found != 2 * number:
            raise NotYet(f"double({number}) to be {2 * number}", repr(found), "the return of `double`")


async def probe_double(module: ModuleType, number: int) -> Any:
    return await need_function(module, "double", is_async=True)(number)


@exercise("91.3", file="my/sample/ask.py", proves="An agent asks a model.", timeout=20)
async def ask(bench: Bench) -> None:
    await bench.run(probe_ask, "Write about rain.")
    calls = bench.model_calls()
    if [call.status for call in calls] != ["completed"] or bench.meter().model.completed != 1:
        raise NotYet("one model call", f"{len(calls)} model calls", "`agent`")


async def probe_ask(module: ModuleType, question: str) -> str:
    from agents import Agent, Runner

    return str((await Runner.run(need(module, "agent", Agent), question)).final_output)


@exercise("91.4", file="my/sample/script.py", proves="A script runs.", timeout=20)
async def script(bench: Bench) -> None:
    process = await bench.process(None, "a word")
    line = await process.wait_for("told", timeout=10)
    if "a word" not in line or await process.wait(10) != 0:
        raise NotYet("the argument", line, "the print")


@exercise("91.5", file="my/sample/answer.py", proves="Nothing.", timeout=2)
async def broken(bench: Bench) -> None:
    raise KeyError("a mistake of the author")


@exercise("91.6", file="my/sample/answer.py", proves="Nothing.", timeout=2)
async def broken_probe(bench: Bench) -> None:
    await bench.run(probe_not_json)


def probe_not_json(module: ModuleType) -> object:
    return object()


@exercise("91.7", file="my/sample/one.py", proves="Two files.")
async def two_files(bench: Bench) -> None:
    one = await bench.run(probe_place)
    two = await bench.run(probe_place, file="my/sample/two.py")
    if [one, two] != ["my/sample/one.py, line 1", "my/sample/two.py, line 3"]:
        raise NotYet("f on line 1 and on line 3", f"{one}; {two}")


def probe_place(module: ModuleType) -> str:
    return place_of(module, need_function(module, "f"))


def probe_environment(module: ModuleType) -> dict[str, Any]:
    import os
    import random
    import sys

    return {
        "variables": dict(os.environ),
        "directory": os.getcwd(),
        "main": sys.modules["__main__"].__spec__.name,
        "loaded": sorted(name for name in sys.modules if name.partition(".")[0] in ("pytest", "ipykernel")),
        "random": random.random(),
        "group": os.getpgrp() == os.getpid(),
    }
