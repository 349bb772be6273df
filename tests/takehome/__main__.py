"""``python -m tests.takehome``: makes the project, installs it, runs its tests, and breaks it in five ways.

Its own tests must pass, and then catch each of the five. Needs the package index, as ``make setup`` does.
"""

from __future__ import annotations

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

PACKAGE = "storm_watch"


@dataclass(frozen=True)
class Break:
    """A change that a project's own tests must not let pass.

    Attributes:
        name: What is wrong.
        source: The folder below ``my/`` that the project was made from; empty for the plain example.
        file: What is changed, below the package.
        old: A text in it.
        new: What takes its place.
    """

    name: str
    source: str
    file: str
    old: str
    new: str


BREAKS = (
    Break(
        "a removed activity",
        "",
        "activities.py",
        "TOOLS = [get_weather_alerts, get_location_info, get_ip_address]",
        "TOOLS = [get_weather_alerts, get_location_info]",
    ),
    Break(
        "a swallowed error",
        "",
        "activities.py",
        "    return await weather.get_weather_alerts(state)",
        "    try:\n        return await weather.get_weather_alerts(state)\n"
        '    except Exception:\n        return "No alerts."',
    ),
    Break(
        "a missing key",
        "people",
        "activities.py",
        'key=f"{key()}-in"',
        'key=str(__import__("uuid").uuid4())',
    ),
    Break(
        "a sync tool",
        "",
        "agent.py",
        '    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=tools)',
        "    from agents import function_tool\n\n    @function_tool\n    def now() -> str:\n"
        '        """Get the time."""\n        return workflow.now().isoformat()\n\n'
        '    return Agent(name="Weather agent", instructions=INSTRUCTIONS, tools=[*tools, now])',
    ),
    Break(
        "a local activity for the model",
        "",
        "connection.py",
        "ModelActivityParameters(",
        "ModelActivityParameters(\n        use_local_activity=True,",
    ),
)


def main() -> int:
    """Try every source and every break; 1 if anything does not come out as it must."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="takehome-") as place:
        learner = Path(place) / "learner"
        for lesson in catalog.lessons():
            for name, text in written_at_the_end(lesson.file).items():
                write(learner / name, text)
        for source in ("", "sdk_agent", "native_agent", "people"):
            made = Path(place) / (source or "plain")
            project.make(
                made, name=PACKAGE, taken=learner / "my" / source if source else None, say=lambda _: None
            )
            began = time.monotonic()
            subprocess.run(["make", "setup"], cwd=made, check=True, capture_output=True)
            installed = time.monotonic()
            failed += _tell(source or "plain", _test(made), passes=True, seconds=time.monotonic() - installed)
            print(f"  installed in {installed - began:.0f} s", flush=True)
            for one in BREAKS:
                if one.source == source:
                    failed += _broken(made, one)
    return 1 if failed else 0


def _broken(made: Path, one: Break) -> int:
    file = made / "src" / PACKAGE / one.file
    whole = file.read_text()
    assert one.old in whole, f"{one.file} has changed: no {one.old!r}"
    file.write_text(whole.replace(one.old, one.new))
    try:
        began = time.monotonic()
        return _tell(f"  with {one.name}", _test(made), passes=False, seconds=time.monotonic() - began)
    finally:
        file.write_text(whole)
        for cache in list(made.rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)


def _test(made: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "test"], cwd=made, check=False, capture_output=True, text=True, timeout=1800
    )


def _tell(name: str, ran: subprocess.CompletedProcess[str], *, passes: bool, seconds: float) -> int:
    held = (ran.returncode == 0) == passes
    last = [
        line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR")) or " in " in line
    ][-3:]
    print(f"{'held' if held else 'NOT HELD'}: {name}, {seconds:.0f} s: {'; '.join(last)[:300]}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
