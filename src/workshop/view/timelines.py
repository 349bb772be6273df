"""``await show.timeline(handle)``: a workflow's history, drawn as a person reads it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import ipywidgets  # type: ignore[import-untyped]
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from workshop.errors import LabError
from workshop.runs.errors import describe, no_history
from workshop.runs.events import Values, seconds_of
from workshop.runs.pending import pending_attempts
from workshop.runs.story import SeenAttempt, Story
from workshop.runs.telling import tell
from workshop.view.pictures import draw

_RPC = timedelta(seconds=20)
_TICK = 0.5
"""Seconds between redraws (and looks at what is pending) while something is under way."""

_SLOW_TICK = 5.0
"""The same once nothing new has come for a minute."""

_PATIENCE = 300.0
"""Seconds for which a server that does not answer is tried again."""

_MOST_LIVE = 8
"""Pictures that follow a run at the same time; beyond that the oldest one stops."""

_following: list[asyncio.Task[None]] = []


class Timeline:
    """The picture of one workflow's history: as a cell's last line an image, with ``print`` its text.

    Attributes:
        story: What the history tells, as plain data.
    """

    def __init__(self, story: Story, *, by_time: bool = False, seconds: bool = False) -> None:
        self.story = story
        self._by_time = by_time
        self._seconds = seconds
        self._note = ""
        self._widget: Any = None
        self._task: asyncio.Task[None] | None = None

    @property
    def following(self) -> bool:
        """Whether the picture still follows a run that goes on."""
        return self._task is not None and not self._task.done()

    def text(self) -> str:
        """All of it in words: nothing in it differs between two runs that went the same way."""
        return self.story.text() + (f"\n{self._note}" if self._note else "")

    def svg(self) -> str:
        """The picture as an SVG document, with the text as its description."""
        return draw(self.story, by_time=self._by_time, seconds=self._seconds, note=self._note)

    def html(self) -> str:
        """The picture as HTML."""
        return f'<figure style="margin:0;overflow-x:auto">{self.svg()}</figure>'

    def stop(self) -> None:
        """Stop following the run; the picture stays as it is."""
        if self._task is not None:
            self._task.cancel()

    async def finished(self, timeout: float = 30.0) -> Timeline:
        """Wait until the picture is final: the workflow has closed, or the picture was stopped.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            TimeoutError: the run still goes on; the picture goes on following it.
        """
        if self._task is not None:
            done, _ = await asyncio.wait({self._task}, timeout=timeout)
            if not done:
                raise TimeoutError(f"the workflow still runs after {timeout:g} s")
        return self

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        if self.following and self._widget is not None:
            bundle = self._widget._repr_mimebundle_(include=include, exclude=exclude)
            data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
            return {**(data or {}), "text/plain": self.text()}, metadata
        return {"text/plain": self.text(), "text/html": self.html(), "image/svg+xml": self.svg()}

    def _show(self, story: Story, note: str = "") -> None:
        self.story, self._note = story, note
        if self._widget is not None:
            self._widget.value = self.html()


async def timeline(handle: WorkflowHandle[Any, Any], *, live: bool | None = None) -> Timeline:
    """Draw a workflow's history: a row for each activity, its attempts, waits, signals, and who did the work.

    Args:
        handle: The workflow, as ``client.start_workflow`` or ``client.get_workflow_handle`` return it.
        live: True: a widget, drawn by the clock, which follows the run until it ends. False: one picture, as
            of now, drawn by the order of events. Unless given: live if the workflow still runs, but never
            where the environment variable ``WORKSHOP_VIEWS`` is ``static``.

    Raises:
        LabError: there is no such workflow, or the server does not answer.
    """
    run = _Run(handle)
    await describe(handle)
    try:
        await run.read_all()
        await run.describe()
    except RPCError as error:
        raise LabError(no_history(error, handle.id)) from None
    story = run.story(now=time.time())
    static = os.environ.get("WORKSHOP_VIEWS") == "static"
    if live is None:
        live = not run.ended and not static
    picture = Timeline(story, by_time=live, seconds=not static)
    if live and not run.ended:
        picture._widget = ipywidgets.HTML(value=picture.html())
        picture._task = _follow_in_background(run, picture)
    return picture


class _Run:
    """One run of a workflow: its events so far, and what is pending."""

    def __init__(self, handle: WorkflowHandle[Any, Any], run_id: str | None = None) -> None:
        self._client = handle._client
        self._id = handle.id
        self._run_id = run_id or handle.run_id
        self._handle = self._client.get_workflow_handle(self._id, run_id=self._run_id)
        self._values = Values(self._client.data_converter, self._id)
        self.events: list[HistoryEvent] = []
        self._summaries: dict[int, str] = {}
        self._described: DescribeWorkflowExecutionResponse | None = None
        self._seen: dict[str, dict[int, SeenAttempt]] = {}

    async def read_all(self) -> None:
        """Read all events there are now."""
        async for event in self._handle.fetch_history_events(rpc_timeout=_RPC):
            await self.add(event)

    async def add(self, event: HistoryEvent) -> None:
        """Take one more event; one that is known already replaces what was known."""
        if self.events and event.event_id <= self.events[-1].event_id:
            self.events = [known for known in self.events if known.event_id < event.event_id]
        self.events.append(event)
        summary = await self._values.summary(event)
        if summary:
            self._summaries[event.event_id] = summary

    async def describe(self) -> None:
        """Ask for what is pending: attempts under way are no events yet."""
        described = (await self._handle.describe(rpc_timeout=_RPC)).raw_description
        self._described = described
        for activity, attempt in pending_attempts(described, seconds_of(self.events[0].event_time)):
            attempts = self._seen.setdefault(activity, {})
            known = attempts.get(attempt.number)
            if known is not None and attempt.started is None:
                attempt = replace(attempt, started=known.started)
            attempts[attempt.number] = attempt

    def stream(self) -> Any:
        """The run's events from the first one on; waits for those to come until the run has closed."""
        return self._handle.fetch_history_events(wait_new_event=True)

    def next_run(self, run_id: str) -> _Run:
        """The run that goes on where this one ended."""
        return _Run(self._handle, run_id)

    def story(self, now: float | None = None) -> Story:
        """Tell it as it is known now."""
        seen: Mapping[str, Sequence[SeenAttempt]] = {
            activity: list(attempts.values()) for activity, attempts in self._seen.items()
        }
        return tell(
            self.events,
            summaries=self._summaries,
            described=self._described,
            now=now,
            seen=seen,
        )

    @property
    def pending(self) -> bool:
        """Whether something may change without an event: an activity is tried again, a task is not taken."""
        described = self._described
        return described is None or bool(
            described.pending_activities or described.HasField("pending_workflow_task")
        )

    @property
    def ended(self) -> bool:
        """Whether this run has closed."""
        return self.story().closed


def _follow_in_background(run: _Run, picture: Timeline) -> asyncio.Task[None]:
    while len(_following) >= _MOST_LIVE:
        _following.pop(0).cancel()
    task = asyncio.get_running_loop().create_task(_follow(run, picture), name="timeline")
    _following.append(task)
    task.add_done_callback(lambda ended: _following.remove(ended) if ended in _following else None)
    return task


async def _follow(run: _Run, picture: Timeline) -> None:
    failing_since: float | None = None
    while True:
        try:
            follower = await _follow_run(run, picture)
        except asyncio.CancelledError:
            picture._show(run.story(now=time.time()), "This picture no longer follows the run.")
            raise
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                picture._show(picture.story, "The server no longer knows this workflow.")
                return
            failing_since = failing_since or time.monotonic()
            if time.monotonic() - failing_since > _PATIENCE:
                picture._show(picture.story, "The Temporal server does not answer. This picture gave up.")
                return
            picture._show(picture.story, "The Temporal server does not answer; trying again.")
            await asyncio.sleep(1.0)
            continue
        failing_since = None
        if follower is None:
            return
        run = follower


async def _follow_run(run: _Run, picture: Timeline) -> _Run | None:
    """Follow one run to its end; returns the run that goes on where it ended, if one does.

    Raises:
        RPCError: the server does not answer, or no longer knows the workflow.
    """
    stream = run.stream()
    coming: asyncio.Task[HistoryEvent] | None = None
    news = time.monotonic()
    try:
        while True:
            if coming is None:
                coming = asyncio.ensure_future(anext(stream))
            tick = _TICK if time.monotonic() - news < 60 else _SLOW_TICK
            done, _ = await asyncio.wait({coming}, timeout=tick)
            if done:
                ended, coming = coming, None
                try:
                    await run.add(ended.result())
                except StopAsyncIteration:
                    break
                news = time.monotonic()
                if _more_at_hand(stream):
                    continue
            if run.events and (done or run.pending):
                await run.describe()
            if run.events:
                picture._show(run.story(now=time.time()))
    finally:
        if coming is not None:
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, RPCError, StopAsyncIteration):
                await coming
    story = run.story()
    picture._show(story)
    return run.next_run(story.next_run) if story.next_run else None


def _more_at_hand(stream: Any) -> bool:
    return stream.current_page is not None and stream.current_page_index < len(stream.current_page)


__all__ = ["Timeline", "timeline"]
