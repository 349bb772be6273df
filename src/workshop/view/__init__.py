"""What a notebook shows of its runs: ``from workshop import show``.

Each call returns a static view: the last line of a cell shows it as HTML, ``print`` as text. Both hold the
same, and no ids, times or ports, so that they can be stored and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from workshop.view.document import View

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle

    from workshop.lab.asides import Aside
    from workshop.runs.budget import Limits
    from workshop.view.budgets import BudgetView, Ways
    from workshop.view.comparisons import Comparison, File
    from workshop.view.histories import History
    from workshop.view.joined import Spans
    from workshop.view.live import LiveView
    from workshop.view.over_time import Gauges
    from workshop.view.schemas import FunctionTool
    from workshop.view.spoken import Words
    from workshop.view.timelines import Timeline


def transcript(last: int | None = None, *, why: bool = False) -> View:
    """Each model call since the last ``lab.reset_meter()``: what was new in it, and what came back.

    Args:
        last: Show only this many calls, the latest.
        why: Show also how the practice model decided each reply: by which rule, and by which evidence.

    Raises:
        GatewayError: the gateway does not answer.
        ValueError: ``last`` is less than 1.
    """
    from workshop.view.transcripts import read_transcript

    return read_transcript(last, why=why)


@overload
def meter(live: Literal[False] = False, *, calls: bool = True) -> View: ...
@overload
def meter(live: Literal[True], *, calls: bool = True) -> LiveView: ...
def meter(live: bool = False, *, calls: bool = True) -> View | LiveView:
    """What was called since the last ``lab.reset_meter()``, what it cost, and what was paid twice.

    Args:
        live: Show a widget that refreshes itself until it is stopped.
        calls: Whether to list the calls below the totals.

    Raises:
        GatewayError: the gateway does not answer.
    """
    from workshop.view.meters import read_meter

    if live:
        from workshop.view.live import LiveView

        return LiveView(lambda: read_meter(calls))
    return read_meter(calls)


def trace(last: int | None = 1) -> View:
    """The latest run as the Agents SDK's own tracing saw it, as a tree.

    Args:
        last: How many runs to show, the latest; None for all.

    Raises:
        GatewayError: the gateway does not answer.
        ValueError: ``last`` is less than 1.
    """
    from workshop.view.traces import read_trace

    return read_trace(last)


def ledger() -> View:
    """The bank's accounts and what happened to them; the last line says whether all the money is there.

    Raises:
        GatewayError: the gateway does not answer.
    """
    from workshop.view.ledgers import read_ledger

    return read_ledger()


async def history(handle: WorkflowHandle[Any, Any], *, times: bool = False) -> History:
    """A workflow's event history as a table, in Temporal's own words.

    Args:
        handle: The workflow.
        times: Show seconds since its start as well.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    from workshop.view import histories

    return await histories.history(handle, times=times)


async def timeline(handle: WorkflowHandle[Any, Any], *, live: bool | None = None) -> Timeline:
    """A workflow's history as a picture: a row for each activity, its attempts, and who did the work.

    Args:
        handle: The workflow.
        live: Whether to follow it until it ends; unless given, only while it runs.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    from workshop.view import timelines

    return await timelines.timeline(handle, live=live)


async def spans(handle: WorkflowHandle[Any, Any]) -> Spans:
    """A workflow's trace and history, joined: each span, and the activity that carried it out, if one did.

    Args:
        handle: The workflow.

    Raises:
        LabError: there is no such workflow, the server does not answer, or the gateway does not.
    """
    from workshop.view import joined

    return await joined.spans(handle)


async def comparison(
    runs: Mapping[str, tuple[WorkflowHandle[Any, Any], File | Sequence[File]]],
) -> Comparison:
    """Programs side by side: lines of code, and activities, events, bytes of history and seconds of a run.

    Args:
        runs: By name: a run of the program, and its code, as a folder or as a list of files. Blank lines,
            comments and docstrings are not counted.

    Raises:
        LabError: a file cannot be found or read as Python, there is no such workflow, or the server does not
            answer.
        ValueError: there is nothing to compare.
    """
    from workshop.view import comparisons

    return await comparisons.comparison(runs)


async def budget(handle: WorkflowHandle[Any, Any], *, limits: Limits | None = None) -> BudgetView:
    """How much history a run has used up: by kind of event and by turn, beside the server's limits.

    Args:
        handle: The workflow; of one that continues as new, the current run is measured.
        limits: Those of its server, if they are not the defaults: ``limits=server.limits``.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    from workshop.view import budgets

    return await budgets.budget(handle, limits=limits)


async def ways(runs: Mapping[str, tuple[WorkflowHandle[Any, Any], str]]) -> Ways:
    """Workflows side by side that did the same in some ways: history, tokens, and what else each way costs.

    Args:
        runs: By name of the way: a workflow, and its price in words. All its runs are counted.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
        ValueError: there is nothing to compare.
    """
    from workshop.view import budgets

    return await budgets.ways(runs)


def growth(aside: Aside, goal: int) -> View | LiveView:
    """A line that follows a long run in the background: how many of its turns have been paid.

    Args:
        aside: The scope of its processes, see ``lab.aside``.
        goal: How many turns it is to take.

    Raises:
        GatewayError: the gateway does not answer.
    """
    from workshop.view import growing

    return growing.growth(aside, goal)


async def fleet(
    client: Client,
    goal: int,
    *,
    queue: str,
    calls: int = 0,
    prefix: str = "agent-",
    aside: Aside | None = None,
) -> View | LiveView:
    """A picture that follows a fleet: runs that are done, work and wait; calls that are paid, repeated, in flight.

    Args:
        client: Of the fleet's server and namespace.
        goal: How many agents it is to have.
        queue: The task queue of its workers.
        calls: How many model calls the whole fleet needs, if that is known: the length of their bar.
        prefix: How the ids of its workflows begin.
        aside: The scope of its workers, see ``lab.aside``; the notebook's own unless given.

    Raises:
        LabError: the server or the gateway does not answer.
    """
    from workshop.view import fleets

    return await fleets.fleet(client, goal, queue=queue, calls=calls, prefix=prefix, aside=aside)


def gauges(of: Mapping[str, Callable[[], float]]) -> Gauges:
    """A graph of some numbers: it reads them twice a second, and its ``reach`` waits for a moment and names it.

    Args:
        of: By name: a function that reads the number. If it cannot reach whom it asks, the graph has a gap.
    """
    from workshop.view import over_time

    return over_time.gauges(of)


def words() -> Words:
    """A line that shows a text as it grows: call it with all of the text so far; it notes how often that began anew."""
    from workshop.view import spoken

    return spoken.words()


def schema(tool: FunctionTool) -> View:
    """What a model is told about a tool: its name, description and parameters, as JSON.

    Args:
        tool: What ``function_tool`` made of a function.

    Raises:
        TypeError: this is not such a tool.
    """
    from workshop.view.schemas import schema_view

    return schema_view(tool)


__all__ = [
    "View",
    "budget",
    "comparison",
    "fleet",
    "gauges",
    "growth",
    "history",
    "ledger",
    "meter",
    "schema",
    "spans",
    "timeline",
    "trace",
    "transcript",
    "ways",
    "words",
]
