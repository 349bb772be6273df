"""The runs that belong to a check: all in its own task queues, whoever started them. At its end, they are replayed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .bench import Bench
from .workflows import connect

if TYPE_CHECKING:
    from .replays import Run

_FOR_REPLAYS = 20.0
"""Seconds for the replays, which need less than one: a check that has used up its own time has passed all the same."""

_EARLIER = 5.0
"""Seconds by which the server's clock may be behind."""


async def runs_of(bench: Bench, *, still_open: bool = False) -> list[Run]:
    """The runs in this check's task queues that were not terminated, the first begun first.

    Args:
        bench: The check's.
        still_open: Only those that have not ended.
    """
    from temporalio.client import WorkflowExecutionStatus

    if not bench.exercise.temporal:
        return []
    since = datetime.fromtimestamp(bench.began - _EARLIER, UTC).isoformat()
    found = [
        one
        async for one in (await connect(bench)).list_workflows(f"StartTime >= '{since}'")
        if one.task_queue.endswith(bench.scope)
        and one.status is not WorkflowExecutionStatus.TERMINATED
        and (one.status is WorkflowExecutionStatus.RUNNING or not still_open)
    ]
    found.sort(key=lambda one: one.start_time)
    return [{"id": one.id, "run_id": one.run_id, "type": one.workflow_type} for one in found]


async def replay_all(bench: Bench) -> None:
    """Replay every run of a check that is on the lab's server; see :mod:`workshop.checks.replays`.

    What was terminated is left out: it was stuck on purpose. The engine does this at the end of each check.

    Args:
        bench: The check's.

    Raises:
        NotYet: a run does not replay.
    """
    if not (runs := await runs_of(bench)):
        return
    from .replays import probe_replays

    folder = bench.worked_in / "my" / Path(bench.exercise.file).parts[1]
    files = [
        one.relative_to(bench.worked_in).as_posix()
        for one in sorted(folder.glob("*.py"))
        if "workflow.defn" in one.read_text(encoding="utf-8", errors="replace")
    ]
    first = bench.imported or next(iter(files), None)
    if first is not None:
        bench.directory = bench.worked_in
        bench.grant(_FOR_REPLAYS)
        await bench.run(probe_replays, runs, list(bench.known.values()), files, file=first)
