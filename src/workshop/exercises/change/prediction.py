"""Which change does a running watch survive? Predicted by the learner, decided by replays."""

from __future__ import annotations

import importlib
import inspect
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from workshop.checks.bench import Bench, NotYet, need, place_of
from workshop.checks.registry import exercise
from workshop.exercises.change.old_runs import old_runs, replays
from workshop.exercises.change.project import WATCH, Change, project
from workshop.exercises.documentation import TEMPORAL

_FIRST = "        for n, place in"

CHANGES = {
    "instructions": Change("", "Use your tool when it fits the question.", "Answer in French."),
    "tool_timeout": Change("", "timedelta(seconds=15)", "timedelta(minutes=1)"),
    "activity_name": Change("", "from my.change.activities", "from my.change.renamed"),
    "no_tool": Change("", "tools=[alerts]", "tools=[]"),
    "first_step": Change(
        "",
        _FIRST,
        '        await workflow.execute_activity(get_weather_alerts, "CA", start_to_close_timeout=TIMEOUT)\n'
        + _FIRST,
    ),
    "result": Change("", "return log", "return log[-1:]"),
}


@exercise(
    proves="You know which of six changes a running watch survives: both runs were replayed with each.",
    hints=(
        "Replay compares what your code asks for with what the history holds. What of each change would it see?",
        f"Commands count, not what is inside them: {TEMPORAL}/versioning",
        "instructions = True\ntool_timeout = ...\nactivity_name = False\n...",
    ),
    timeout=60,
)
async def prediction(bench: Bench) -> str:
    """Replay two runs with each of the six changes, and compare."""
    predicted = await bench.run(_probe_prediction)
    with project(bench):
        seen = await bench.run(_probe_replays, file=WATCH)
    for name, right in seen.items():
        if predicted[name] != right:
            what = "both runs replay" if right else "at least one of the runs does not replay"
            raise NotYet(f"`{name}` as it really came out", f"{predicted[name]}; {what}", f"`{name}`")
    return f"It came out as: {', '.join(f'{name} {right}' for name, right in seen.items())}"


def _probe_prediction(module: ModuleType) -> dict[str, bool]:
    found = {}
    for name in CHANGES:
        value = need(module, name, bool, "True or False")
        if not isinstance(value, bool):
            raise NotYet(f"`{name}`, True or False", repr(value), place_of(module))
        found[name] = value
    return found


async def _probe_replays(module: ModuleType) -> dict[str, bool]:
    watch = inspect.getsource(module)
    histories = await old_runs()
    with tempfile.TemporaryDirectory(prefix="workshop-replay-") as folder:
        sys.path.insert(0, folder)
        seen = {}
        for name, change in CHANGES.items():
            text = watch.replace(change.old, change.new)
            (Path(folder) / f"watch_with_{name}.py").write_text(text, encoding="utf-8")
            workflow = importlib.import_module(f"watch_with_{name}").Watch
            seen[name] = all([await replays(workflow, history) for history in histories.values()])
        return seen
