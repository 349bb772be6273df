"""A mistake in the project that is taken home: new runs answer as before, and only the replay test tells."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from workshop import catalog
from workshop.checks.agent_plugin import plugin
from workshop.checks.bench import Bench, CourseProblem, NotYet, need, place_of
from workshop.checks.endings import result_of
from workshop.checks.histories import scheduled_activities
from workshop.checks.registry import exercise
from workshop.checks.workflows import course_files, running_worker, task_queue
from workshop.exercises.change.project import failure_of, project
from workshop.exercises.documentation import TEMPORAL

_HOME = "my/home"
_NAME = "weather_agent"
_WORKFLOW = f"src/{_NAME}/workflow.py"
_REPLAYS = "tests/test_replay.py"
_QUESTION = "Are there any weather alerts where I am?"
_TOOLS = {"get_ip_address", "get_location_info", "get_weather_alerts"}
_LOOK = "`NEW`"


@exercise(
    proves="With your mistake new runs answer as before, and the project's replay test fails.",
    hints=(
        "Which changes of a workflow does a run that is under way not survive? Exercise 8.2 had three of them.",
        f"One more command that a new run does not mind, such as a timer: {TEMPORAL}/timers",
        'OLD = "        result = await Runner.run("\nNEW = "        await workflow.sleep(...)\\n" + OLD',
    ),
    timeout=240,  # a project that is not there yet is made first
    not_replayed="the mistake is that it does not replay",
)
async def mistake(bench: Bench) -> str:
    """Put the mistake into a copy of the project; start a new run there, and run the replay test."""
    old, new = await bench.run(_probe_mistake)
    home = (
        bench.keep(tempfile.TemporaryDirectory(prefix="workshop-home-", ignore_cleanup_errors=True)) / "home"
    )
    if bench.path(f"{_HOME}/{_WORKFLOW}").is_file():
        shutil.copytree(bench.path(_HOME), home, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
    else:
        await _make(bench, home)
    workflow = home / _WORKFLOW
    before = workflow.read_text(encoding="utf-8")
    if before.count(old) != 1:
        raise NotYet(f"`OLD`, a text of {_WORKFLOW}", f"it is there {before.count(old)} times", "`OLD`")
    workflow.write_text(before.replace(old, new), encoding="utf-8")
    await bench.run(_probe_new_run, str(home), bench.scope)
    told = str(await bench.run(_probe_replay_test, str(home)))
    if not told:
        raise NotYet("the replay test to fail", "it passes: a run that is under way goes on", _LOOK)
    return f"The replay test says: {told}"


def _probe_mistake(module: ModuleType) -> list[str]:
    found = []
    for name in ("OLD", "NEW"):
        text = need(module, name, str, "a text")
        if not isinstance(text, str) or (name == "OLD" and not text.strip()):
            raise NotYet(f"`{name}`, a text of some letters", repr(text), place_of(module))
        found.append(text)
    return found


async def _make(bench: Bench, home: Path) -> None:
    """Make the project, as the lesson's cell does; of what lesson 4 has left open, from the course's files."""
    open_files = [
        file
        for file in catalog.lesson_of("sdk_agent").files
        if bench.openness(file) in ("missing", "as shipped")
    ]
    with project(bench), course_files(bench, *open_files):
        taken = str(bench.directory / "my/sdk_agent")
        making = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "workshop", "takehome", str(home), "--name", _NAME, "--from", taken),
            env=bench.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            told, _ = await making.communicate()
        finally:
            with contextlib.suppress(ProcessLookupError):
                making.kill()
    if making.returncode:
        said = told.decode(errors="replace").strip().splitlines()
        raise CourseProblem(
            f"The project cannot be made: {said[-1] if said else ''}", "Look at the files in my/sdk_agent."
        )


async def _probe_new_run(module: ModuleType, home: str, workflow_id: str) -> None:
    """In the child: a new run with all of its tools, which are stand-ins here."""
    from temporalio import activity

    @activity.defn
    async def get_ip_address() -> str:
        return "198.51.100.7"

    @activity.defn
    async def get_location_info(ipaddress: str) -> str:
        return "Sacramento, California, United States"

    @activity.defn
    async def get_weather_alerts(state: str) -> str:
        return f"1 active weather alert in {state}: Flood Watch"

    sys.path.insert(0, f"{home}/src")
    defined = importlib.import_module(f"{_NAME}.workflow").WeatherAgent
    tools: list[Any] = [get_ip_address, get_location_info, get_weather_alerts]
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=tools) as client:
        handle = await client.start_workflow(defined.run, _QUESTION, id=workflow_id, task_queue=task_queue())
        await result_of(handle, _LOOK, what="a new run")
    asked = await scheduled_activities(handle)
    if missing := _TOOLS - set(asked):
        raise NotYet(
            "a new run to use all of its tools", f"it does not use {', '.join(sorted(missing))}", _LOOK
        )


def _probe_replay_test(module: ModuleType, home: str) -> str:
    """In the child: what the project's replay test says if it fails; empty if it passes."""
    os.chdir(home)
    sys.path[:0] = [home, f"{home}/src"]
    return failure_of(_REPLAYS)
