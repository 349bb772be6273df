"""``await show.budget(handle)``: how much history a run has used up, on what, and how far the end is.

``await show.ways({...})`` sets several runs side by side: history, tokens, and what each way costs besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from workshop.errors import LabError
from workshop.runs.budget import Budget, Limits, measure, together
from workshop.runs.errors import describe, no_history
from workshop.runs.events import attributes, event_name
from workshop.view.budget_pictures import draw
from workshop.view.document import Block, Paragraph, Table, View
from workshop.view.wording import about, are_stored, count, size

_RPC = timedelta(seconds=5)
_MOST_RUNS = 100
"""Runs of one workflow that are read, each of which continues another as new."""


class BudgetView(View):
    """One run's budget: a picture above its text.

    Attributes:
        budget: The numbers themselves.
    """

    def __init__(self, title: str, budget: Budget, limits: Limits) -> None:
        self.budget = budget
        super().__init__("budget", _blocks(title, budget, limits))
        self._svg = draw(title, budget, limits, self.text())

    def svg(self) -> str:
        """The picture as an SVG document, with the text as its description."""
        return self._svg

    def html(self) -> str:
        """The picture, and the text below it."""
        return f'<figure style="margin:0;overflow-x:auto">{self._svg}</figure>\n{super().html()}'


class Ways(View):
    """Several runs side by side.

    Attributes:
        budgets: By name: the runs of a workflow, each of which went on where the one before ended.
    """

    def __init__(self, budgets: Mapping[str, Sequence[Budget]], prices: Mapping[str, str]) -> None:
        self.budgets = dict(budgets)
        super().__init__("ways", [_ways_table(budgets, prices)])


async def budget(handle: WorkflowHandle[Any, Any], *, limits: Limits | None = None) -> BudgetView:
    """Measure one run's history; of a workflow that continues as new, the current run's.

    Args:
        handle: The workflow.
        limits: Those of its server, if it has others than the defaults.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    described = await describe(handle)
    measured, why = await _measured(handle, described, described.run_id)
    status = _status(described) + (f": {why}" if why else "")
    return BudgetView(f"{described.workflow_type}, {status}", measured, limits or Limits())


async def ways(runs: Mapping[str, tuple[WorkflowHandle[Any, Any], str]]) -> Ways:
    """Measure some workflows, with all their runs.

    Args:
        runs: By name of the way: a workflow, and what that way costs besides history and tokens.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
        ValueError: there is nothing to compare.
    """
    if not runs:
        raise ValueError("name at least one run")
    found: dict[str, list[Budget]] = {}
    for name, (handle, _) in runs.items():
        described = await describe(handle)
        run_id = handle.first_execution_run_id or handle.run_id or described.run_id
        found[name] = []
        while run_id and len(found[name]) < _MOST_RUNS:
            measured, _ = await _measured(handle, described, run_id)
            found[name].append(measured)
            run_id = measured.next_run
    return Ways(found, {name: price for name, (_, price) in runs.items()})


async def _measured(
    handle: WorkflowHandle[Any, Any], described: WorkflowExecutionDescription, run_id: str
) -> tuple[Budget, str]:
    run = handle._client.get_workflow_handle(handle.id, run_id=run_id)
    try:
        events = [event async for event in run.fetch_history_events(rpc_timeout=_RPC)]
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None
    converter = handle._client.data_converter
    last = events[-1]
    why = attributes(last).reason if event_name(last) == "WorkflowExecutionTerminated" else ""
    return await measure(events, converter, described.task_queue, portable=are_stored()), why


def _status(described: WorkflowExecutionDescription) -> str:
    status = described.status or WorkflowExecutionStatus.RUNNING
    return status.name.lower().replace("_", " ").replace("canceled", "cancelled")


def _blocks(title: str, budget: Budget, limits: Limits) -> list[Block]:
    whole = f"{size(budget.bytes)} of history, {count(budget.events, 'event')}, {count(len(budget.turns), 'turn')}"
    blocks: list[Block] = [Paragraph(f"{title}\n{whole}")]
    rows = [
        (kind, f"{use.events:,}", size(use.bytes), f"{use.bytes / budget.bytes:.0%}")
        for kind, use in sorted(budget.kinds.items(), key=lambda item: -item[1].bytes)
    ]
    blocks.append(
        Table(
            "What the history is made of",
            ("kind of event", "events", "size", "share"),
            rows,
            numbers=frozenset({1, 2, 3}),
        )
    )
    if budget.turns:
        blocks.append(_turns_table(budget))
    blocks.append(_limits_table(budget, limits))
    return blocks


def _turns_table(budget: Budget) -> Table:
    rows = []
    for n in _some(len(budget.turns)):
        tokens = budget.input_tokens[n - 1 : n]
        cells = [f"{n:,}", size(budget.turns[n - 1].bytes), size(budget.after(n).bytes)]
        rows.append([*cells, f"{tokens[0]:,}" if tokens else ""])
    header = ("turn", "adds", "so far", "tokens in")
    return Table("Turn by turn", header, rows, numbers=frozenset(range(4)))


def _some(turns: int) -> list[int]:
    """The first turn, the last one, and some between."""
    wanted = {1, turns, *(round(turns * part / 4) for part in (1, 2, 3))}
    return sorted(turn for turn in wanted if turn >= 1)


def _limits_table(budget: Budget, limits: Limits) -> Table:
    rows = []
    for name, limit in (("flag", limits.flag), ("warning", limits.warning), ("end", limits.end)):
        if budget.bytes >= limit.bytes or budget.events >= limit.events:
            when = "reached"
        else:
            turn = budget.turn_of(limit)
            when = f"turn {about(turn):,}" if turn else ""
        rows.append((name, size(limit.bytes), f"{limit.events:,}", when))
    # Nothing can be foreseen of a run without turns.
    header = ("limit", "bytes", "events", "at this pace about")
    kept = 4 if any(row[3] for row in rows) else 3
    return Table(
        f"Where the server does something ({limits.whose})",
        header[:kept],
        [row[:kept] for row in rows],
        numbers=frozenset({1, 2}),
    )


def _ways_table(budgets: Mapping[str, Sequence[Budget]], prices: Mapping[str, str]) -> Table:
    rows = []
    for name, runs in budgets.items():
        whole = together(runs)
        longest = max(runs, key=lambda run: run.bytes)
        last = f"{whole.input_tokens[-1]:,}" if whole.input_tokens else ""
        rows.append(
            (
                name,
                f"{len(whole.turns):,}",
                f"{len(runs):,}",
                f"{longest.events:,}",
                size(longest.bytes),
                f"{sum(whole.input_tokens):,}",
                last,
                prices[name],
            )
        )
    header = ("way", "turns", "runs", "events", "history", "tokens in", "last turn's", "its price")
    caption = "Side by side (events and history: of the longest run)"
    return Table(caption, header, rows, numbers=frozenset(range(1, 7)))


__all__ = ["BudgetView", "Ways", "budget", "ways"]
