"""Exercises of a lesson that does not exist, for the tests of the engine and of the grader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

from temporalio import activity

from workshop.checks.bench import Bench, NotYet, need, need_function, place_of
from workshop.checks.endings import beside, result_of
from workshop.checks.exercise import Exercise
from workshop.checks.registry import CheckFunction, register
from workshop.checks.workflows import connect, running_worker, task_queue
from workshop.errors import ServerSilent
from workshop.lab.no_result import NoResultYet


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
    if not (one.startswith("my/sample/one.py: def f(") and two.startswith("my/sample/two.py: def f(")):
        raise NotYet("the line of each f", f"{one}; {two}")


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


@exercise("92.1", file="my/sample/flow.py", proves="A run can be replayed.", timeout=40)
async def flow(bench: Bench) -> str:
    """Asks the workflow `Flow`, with an update, a query and an activity of the check's."""
    return str(await bench.run(probe_flow, bench.scope))


async def probe_flow(module: ModuleType, workflow_id: str) -> Any:
    defined = need(module, "Flow", type)
    async with running_worker(
        workflows=[defined], activities=[echo, *getattr(module, "ACTIVITIES", [])]
    ) as client:
        handle = await client.start_workflow("Flow", id=workflow_id, task_queue=task_queue())
        definition = getattr(defined, "__temporal_workflow_definition")
        if "say" in definition.updates:
            for word in ("one", "two"):
                await beside(handle, handle.execute_update("say", word), "`say`", expected="an answer")
        if "seen" in definition.queries:
            await beside(handle, handle.query("seen"), "`seen`", expected="an answer")
        if "done" in definition.signals:
            await handle.signal("done")
        return await result_of(handle, "`Flow`")


@activity.defn
async def echo(text: str) -> str:
    return text


@exercise("92.2", file="my/sample/flow.py", proves="Everything was called.", timeout=40)
async def everything(bench: Bench) -> str:
    """Calls each place in which a learner's file has code: in a workflow, on a worker, and beside both."""
    await bench.run(probe_tools)
    told = await bench.run(probe_flow, bench.scope)
    return str(told["word"])


async def probe_tools(module: ModuleType) -> None:
    from agents import Runner

    if hasattr(module, "agent"):
        await Runner.run(module.agent, "Are there any weather alerts in Florida?")


@exercise("92.3", file="my/sample/flow.py", proves="A run fails.", timeout=90)
async def undone(bench: Bench) -> str:
    """As a saga's check does: waits in the notebook's own process for a run that a worker of its own works on."""
    from workshop.lab.results import WorkflowFailed, result

    script = bench.path("worker.py")
    script.write_text(WORKER, encoding="utf-8")
    await (await bench.process(str(script))).wait_for("works", timeout=25)
    client = await connect(bench)
    handle = await client.start_workflow("Flow", id=bench.scope, task_queue=f"check-{bench.scope}")
    async with asyncio.timeout(40):
        # The machine may be slow: only what comes after the worker has come to its work is tried here.
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.HasField("workflow_task_started_event_attributes"):
                break
    try:
        await result(handle, timeout=12)
    except WorkflowFailed as error:
        return f"{error.how}"
    raise NotYet("it to fail", "it completed", "`raise`")


WORKER = """
import asyncio, importlib
from workshop.checks.killed_worker import work_until_killed
own = importlib.import_module("my.sample.flow")
print("works", flush=True)
asyncio.run(work_until_killed(workflows=[own.Flow], activities=own.ACTIVITIES))
"""


@exercise("92.4", file="my/sample/answer.py", proves="A mapping has a word.", timeout=20)
async def word_of(bench: Bench) -> str:
    """Reads what came without a look at what it is."""
    found = await bench.run(probe_any)
    return str(found["word"][0])


def probe_any(module: ModuleType) -> object:
    return vars(module)["answer"]


@exercise("92.5", file="my/sample/answer.py", proves="A function takes one.", timeout=20)
async def called(bench: Bench) -> str:
    """Its probe reads what came without a look at what it is."""
    return str(await bench.run(probe_call_answer))


def probe_call_answer(module: ModuleType) -> object:
    return module.answer(1)["word"]


@exercise("92.6", file="my/sample/answer.py", proves="The server answered.", timeout=20)
async def unanswered(bench: Bench) -> str:
    """Its probe asks a Temporal server that says nothing."""
    return str(await bench.run(probe_silence))


def probe_silence(module: ModuleType) -> None:
    raise {"lab": ServerSilent("no word"), "run": NoResultYet("server does not answer", "no word")}[
        module.answer
    ]
