"""The learner's replay test: it passes for a better prompt, and fails where a run that is under way would stop."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.exercises.change.old_runs import old_runs
from workshop.exercises.change.prediction import CHANGES
from workshop.exercises.change.project import HISTORIES, WATCH, failures_of, project
from workshop.exercises.documentation import TEMPORAL


@exercise(
    proves="Your test passes for a better prompt, and fails for a renamed activity and for a missing tool.",
    hints=(
        "What does a worker need to take up the run? A replayer needs the same, and the history.",
        f"`WorkflowHistory.from_json(...)`, `Replayer(workflows=[...], plugins=[...])`: "
        f"{TEMPORAL}/testing-suite#replay",
        "history = WorkflowHistory.from_json(file.stem, file.read_text())\nreplayer = Replayer(...)\n"
        "await replayer.replay_workflow(history)",
    ),
    timeout=90,
    note="runs your test with four watches",
)
async def replay_test(bench: Bench) -> str:
    """Run the test with two saved runs and four watches."""
    with project(bench):
        await bench.run(_probe_histories, str(bench.directory / HISTORIES), file=WATCH)
        changes = (None, *(CHANGES[name] for name in ("instructions", "activity_name", "no_tool")))
        plain, prompt, renamed, no_tool = await failures_of(bench, *changes)
    look = "the body of `test_a_saved_run_replays`"
    if plain:
        raise NotYet("your test to pass with the watch that made the histories", plain, look)
    if prompt:
        raise NotYet("your test to pass with other instructions", prompt, look)
    for failure, what in ((renamed, "whose tool's activity is renamed"), (no_tool, "without its tool")):
        if not failure:
            raise NotYet(f"your test to fail for a watch {what}", "it passes", look)
    return f"For a renamed activity it says: {renamed}"


async def _probe_histories(module: ModuleType, folder: str) -> None:
    for name, history in (await old_runs()).items():
        write(Path(folder) / f"{name}.json", history.to_json())


def write(path: Path, text: str) -> None:
    """Write a file, and the folder above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
