"""A mistake in the project that is taken home: new runs answer as before, and only the replay test tells."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from types import ModuleType

from workshop import catalog
from workshop.checks.bench import Bench, CourseProblem, NotYet, need, place_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import course_files
from workshop.exercises.change.project import project
from workshop.exercises.documentation import TEMPORAL

_NAME = "weather_agent"
_WORKFLOW = f"src/{_NAME}/workflow.py"
_ANSWERS = "tests/test_workflow.py::test_it_uses_its_tools_and_answers"
_REPLAYS = "tests/test_replay.py"
_LOOK = "`NEW`"


@exercise(
    proves="With your mistake new runs answer as before, and the project's replay test fails.",
    hints=(
        "Which changes of a workflow does a run that is under way not survive? Exercise 8.2 had three of them.",
        f"One more command that a new run does not mind, such as a timer: {TEMPORAL}/timers",
        'OLD = "        result = await Runner.run("\nNEW = "        await workflow.sleep(...)\\n" + OLD',
    ),
    timeout=240,
    note="makes the project and runs its tests, up to a minute",
)
async def mistake(bench: Bench) -> str:
    """Make the project, put the mistake into it, and run two of its tests."""
    old, new = await bench.run(_probe_mistake)
    open_files = [
        file
        for file in catalog.lesson_of("sdk_agent").files
        if bench.openness(file) in ("missing", "as shipped")
    ]
    with project(bench), course_files(bench, *open_files):
        # Beside my/, in the check's own copy, which goes when the check has ended.
        home = bench.directory / "home"
        learner = str(bench.directory / "my/sdk_agent")
        made, told = await _run(
            bench, bench.directory, "workshop", "takehome", str(home), "--name", _NAME, "--from", learner
        )
    if made:
        raise CourseProblem(
            f"The project cannot be made: {told.splitlines()[-1]}", "Look at your files in my/sdk_agent."
        )
    workflow = home / _WORKFLOW
    before = workflow.read_text(encoding="utf-8")
    if before.count(old) != 1:
        raise NotYet(f"`OLD`, a text of {_WORKFLOW}", f"it is there {before.count(old)} times", "`OLD`")
    workflow.write_text(before.replace(old, new), encoding="utf-8")
    failed, told = await _run(bench, home, "pytest", "-q", "-x", _ANSWERS)
    if failed:
        raise NotYet("a new run to answer as before", _failure(told), _LOOK)
    failed, told = await _run(bench, home, "pytest", "-q", "-x", _REPLAYS)
    if not failed:
        raise NotYet("the replay test to fail", "it passes: a run that is under way goes on", _LOOK)
    return f"The replay test says: {_failure(told)}"


def _probe_mistake(module: ModuleType) -> list[str]:
    found = []
    for name in ("OLD", "NEW"):
        text = need(module, name, str, "a text")
        if not isinstance(text, str) or (name == "OLD" and not text.strip()):
            raise NotYet(f"`{name}`, a text of some letters", repr(text), place_of(module))
        found.append(text)
    return found


async def _run(bench: Bench, folder: Path, module: str, *arguments: str) -> tuple[int, str]:
    """Run a module of Python's with the environment of the learner's code: its exit code, and what it printed."""
    environment = bench.environment()
    programs = str(Path(sys.executable).parent)
    environment |= {
        "PATH": os.pathsep.join([programs, environment.get("PATH", "")]),
        "PYTHONPATH": str(folder / "src"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            _end(process.pid)
    return process.returncode or 0, output.decode(errors="replace")


def _end(pid: int) -> None:
    """Kill a process and what it has started: the project's tests have a server of their own."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (*process.children(recursive=True), process):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def _failure(printed: str) -> str:
    said = [line.removeprefix("E ").strip() for line in printed.splitlines() if line.startswith("E ")]
    told = next((line for line in said if "TMPRL1100" in line), said[0] if said else printed[-200:])
    return told[max(0, told.find("[TMPRL")) :].partition('", ')[0]
