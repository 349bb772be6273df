"""``python -m tests.takehome``: makes the project, installs it, runs its tests, and breaks it in five ways.

Its own tests must pass, and then catch each of the five, for the right reason. What is made of the learner's folders
follows into the same place, so that one installation serves all. Needs the package index, as ``make setup`` does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.exercises.answers import write, written_at_the_end
from workshop import catalog
from workshop.takehome import project
from workshop.takehome.recipes import RECIPES

PACKAGE = "storm_watch"
PLAIN = "plain"
LIMIT = 60.0
"""Seconds that the project's tests should take on two processors that have nothing else to do."""


@dataclass(frozen=True)
class Break:
    """A change that a project's own tests must not let pass.

    Attributes:
        name: What is wrong.
        source: What the project was made from: the plain example, or the folder below ``my/``.
        file: What is changed, below the package.
        old: A text in it.
        new: What takes its place.
        caught: The test that must fail first, and a text that it must say.
    """

    name: str
    source: str
    file: str
    old: str
    new: str
    caught: tuple[str, str]


BREAKS = (
    Break(
        "a removed activity",
        PLAIN,
        "activities.py",
        "TOOLS = [get_weather_alerts, get_location_info, get_ip_address]",
        "TOOLS = [get_weather_alerts, get_location_info]",
        ("test_it_uses_its_tools_and_answers", "Done, with 2 tools."),
    ),
    Break(
        "a swallowed error",
        PLAIN,
        "activities.py",
        "    return await weather.get_weather_alerts(state)",
        "    try:\n        return await weather.get_weather_alerts(state)\n"
        '    except Exception:\n        return "No alerts."',
        ("test_a_service_that_is_down_is_asked_again", "unless the tool hides its failure"),
    ),
    Break(
        "a missing key",
        "people",
        "activities.py",
        'key=f"{key()}-in"',
        'key=str(__import__("uuid").uuid4())',
        ("test_an_answer_that_is_lost_counts_once", "needs the same idempotency key"),
    ),
    Break(
        "a sync tool",
        PLAIN,
        "agent.py",
        '    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=tools)',
        "    from agents import function_tool\n\n    @function_tool\n    def now() -> str:\n"
        '        """Get the time."""\n        return workflow.now().isoformat()\n\n'
        '    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=[*tools, now])',
        ("test_it_uses_its_tools_and_answers", "Done, with 4 tools."),
    ),
    Break(
        "a local activity for the model",
        PLAIN,
        "connection.py",
        "ModelActivityParameters(",
        "ModelActivityParameters(\n        use_local_activity=True,",
        ("test_it_uses_its_tools_and_answers", "each model call is an activity"),
    ),
)

SOURCES = (PLAIN, *RECIPES)


def main() -> int:
    """Try every source and every break; 1 if anything does not come out as it must."""
    parser = argparse.ArgumentParser(prog="python -m tests.takehome")
    parser.add_argument("--from", dest="sources", nargs="+", choices=SOURCES, default=SOURCES)
    parser.add_argument("--broken", action="store_true", help="only break it; do not run it whole first")
    chosen = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="takehome-") as place:
        learner, made = Path(place) / "learner", Path(place) / "storm-watch"
        for lesson in catalog.lessons():
            for name, text in written_at_the_end(lesson.file).items():
                write(learner / name, text)
        for source in chosen.sources:
            _make(made, None if source == PLAIN else learner / "my" / source)
            if not chosen.broken:
                failed += _whole(made, source)
            failed += sum(_broken(made, one) for one in BREAKS if one.source == source)
    print("All of it held." if not failed else f"{failed} did not hold.", flush=True)
    return 1 if failed else 0


def _make(made: Path, taken: Path | None) -> None:
    """Make the project; what an earlier one has installed stays."""
    _say(f"{taken.name if taken else PLAIN}: making the project ...")
    installed = made.parent / "installed"
    if made.exists():
        (made / ".venv").rename(installed)
        shutil.rmtree(made)
    project.make(made, name=PACKAGE, taken=taken, say=lambda _: None)
    if installed.exists():
        installed.rename(made / ".venv")
        (made / ".venv/.done").touch()
        return
    began = time.monotonic()
    _say("  installing ...")
    ran = subprocess.run(["make", "setup"], cwd=made, check=False, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"It cannot be installed:\n{ran.stdout[-500:]}{ran.stderr[-1500:]}")
    _say(f"  installed in {time.monotonic() - began:.0f} s")


def _whole(made: Path, source: str) -> int:
    _say("  its tests ...")
    began = time.monotonic()
    ran = _test(made, "-p", "no:cacheprovider", "--durations=3")
    took = time.monotonic() - began
    slow = (
        ""
        if took <= LIMIT
        else f" (more than {LIMIT:.0f} s; the load of this machine: {os.getloadavg()[0]:.0f})"
    )
    return _tell(ran.returncode == 0, f"{source}, {took:.0f} s{slow}", ran)


def _broken(made: Path, one: Break) -> int:
    file = made / "src" / PACKAGE / one.file
    whole = file.read_text()
    assert one.old in whole, f"{one.file} has changed: no {one.old!r}"
    _say(f"  with {one.name} ...")
    file.write_text(whole.replace(one.old, one.new))
    try:
        ran = _test(made, "-x", "-p", "no:cacheprovider")
    finally:
        file.write_text(whole)
        for cache in list((made / "src").rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)
    test, says = one.caught
    failures = [line for line in ran.stdout.splitlines() if line.startswith("FAILED")]
    held = ran.returncode != 0 and len(failures) == 1 and test in failures[0] and says in ran.stdout
    return _tell(held, f"{one.name} is caught", ran)


def _test(made: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTEST_ADDOPTS": " ".join(options)}
    return subprocess.run(
        ["make", "test"], cwd=made, env=environment, check=False, capture_output=True, text=True, timeout=1800
    )


def _tell(held: bool, what: str, ran: subprocess.CompletedProcess[str]) -> int:
    lines = ran.stdout.splitlines()
    last = [line for line in lines if line.startswith(("FAILED", "ERROR")) or " in " in line][-4:]
    _say(f"  {'held' if held else 'NOT HELD'}: {what}")
    if not held:
        _say("\n".join([*lines[-40:], *ran.stderr.splitlines()[-5:]]))
    _say("\n".join(f"    {line[:160]}" for line in last))
    return 0 if held else 1


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
