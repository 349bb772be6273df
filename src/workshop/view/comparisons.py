"""``await show.comparison({...})``: programs side by side, by their code and by a run of each."""

from __future__ import annotations

import ast
import io
import os
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.runs.errors import describe, no_history
from workshop.runs.events import event_name, local_activity
from workshop.view.document import Table, View

_RPC = timedelta(seconds=20)

_NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}

_ANY_NAME = b"1234@some-laptop"
"""What stands for each name of a worker and of a task queue where the size must not depend on them."""

File = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one program.

    Attributes:
        name: What the learner calls it.
        lines: Lines of code, without blank lines, comments and docstrings.
        activities: How many activities the run has scheduled.
        events: How many events its history has.
        history: The size of the history in bytes, as the server counts it.
        portable_history: About the same with every worker's and task queue's name counted as equally long, so
            that it is the same on another machine but for a few bytes.
        seconds: From the start of the run to its end; None while it still runs.
        status: In words: ``completed``, ``failed``, ``running`` and so on.
    """

    name: str
    lines: int
    activities: int
    events: int
    history: int
    portable_history: int
    seconds: float | None
    status: str


class Comparison(View):
    """Programs side by side, a row for each.

    Attributes:
        rows: The numbers themselves.
    """

    def __init__(self, rows: Sequence[Measured]) -> None:
        self.rows = tuple(rows)
        super().__init__("comparison", [_table(rows)])


async def comparison(
    runs: Mapping[str, tuple[WorkflowHandle[Any, Any], File | Sequence[File]]],
) -> Comparison:
    """Measure some programs.

    Args:
        runs: By name: a run of the program, and its code, as a folder or as a list of files.

    Raises:
        LabError: a file cannot be found or read as Python, there is no such workflow, or the server does not
            answer.
        ValueError: there is nothing to compare.
    """
    if not runs:
        raise ValueError("name at least one run")
    measured = []
    for name, (handle, code) in runs.items():
        lines = sum(lines_of_code(path) for path in _files(code))
        described = await describe(handle)
        try:
            events = [event async for event in handle.fetch_history_events(rpc_timeout=_RPC)]
        except RPCError as error:
            raise LabError(no_history(error, handle.id)) from None
        measured.append(_measured(name, lines, described, events))
    return Comparison(measured)


def lines_of_code(path: Path) -> int:
    """How many lines of a Python file hold code: not blank, not only a comment, no docstring.

    Raises:
        LabError: the file cannot be read as Python.
    """
    source = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise LabError(
            f"{path.as_posix()} cannot be read as Python: {error.msg}, line {error.lineno}."
        ) from None
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NOT_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            found.difference_update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    blank = {n for n, line in enumerate(source.split("\n"), start=1) if not line.strip()}
    return len(found - blank)


def _files(code: File | Sequence[File]) -> list[Path]:
    if not isinstance(code, str | os.PathLike):
        paths = [Path(each) for each in code]
        missing = [path for path in paths if not path.is_file()]
        if missing:
            raise LabError(f"There is no file {missing[0].as_posix()}.")
        return paths
    folder = Path(code)
    paths = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]
    if not paths or not paths[0].is_file():
        raise LabError(f"There is no Python file at {folder.as_posix()}.")
    return paths


def _measured(
    name: str, lines: int, described: WorkflowExecutionDescription, events: Sequence[HistoryEvent]
) -> Measured:
    size = described.raw_description.workflow_execution_info.history_size_bytes
    seconds = None
    if described.close_time is not None:
        seconds = (described.close_time - described.start_time).total_seconds()
    status = described.status or WorkflowExecutionStatus.RUNNING
    return Measured(
        name=name,
        lines=lines,
        activities=sum(
            event_name(event) == "ActivityTaskScheduled" or bool(local_activity(event)) for event in events
        ),
        events=len(events),
        history=size,
        portable_history=size + _difference_of_names(described.task_queue, events),
        seconds=seconds,
        status=status.name.lower().replace("_", " ").replace("canceled", "cancelled"),
    )


def _difference_of_names(task_queue: str, events: Sequence[HistoryEvent]) -> int:
    """How many bytes more the events would have if each worker and task queue had a name of one length."""
    names = {task_queue}
    for event in events:
        kind = event.WhichOneof("attributes")
        names.add(getattr(getattr(event, kind), "identity", "") if kind else "")
    written = b"".join(event.SerializeToString() for event in events)
    # The longest first: a short name may be the end of a longer one.
    evened = written
    for name in sorted(names - {""}, key=len, reverse=True):
        evened = evened.replace(name.encode(), _ANY_NAME)
    return len(evened) - len(written)


def _table(rows: Sequence[Measured]) -> Table:
    stored = os.environ.get("WORKSHOP_VIEWS") == "static"
    header = ["program", "lines of code", "activities", "events", "history", *([] if stored else ["seconds"])]
    return Table(
        "Side by side",
        header,
        [_cells(row, stored) for row in rows],
        numbers=frozenset(range(1, len(header))),
    )


def _cells(row: Measured, stored: bool) -> list[str]:
    name = row.name if row.status == "completed" else f"{row.name} ({row.status})"
    cells = [name, f"{row.lines:,}", f"{row.activities:,}", f"{row.events:,}"]
    if stored:
        # Exact bytes and seconds differ from run to run.
        return [*cells, f"{round(row.portable_history / 1000):,} KB"]
    return [*cells, f"{row.history:,} bytes", "" if row.seconds is None else f"{row.seconds:.1f}"]


__all__ = ["Comparison", "Measured", "comparison", "lines_of_code"]
