"""Kills at each boundary of a run: the workers are led from one to the next (see ``conductor.py``).

Which of several waiting activities a worker gets is the server's choice, so that in the research run the same boundary
may come after another event; but there are as many of them each time.

Of the two, the first killed is the one that has the task, or the run in memory; the other follows at a boundary about
halfway from there to the end, and then the third has the rest to itself.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence

from .boundaries import Boundary, in_one_go
from .conductor import Conductor
from .gates import Gates
from .stories import Run, Stop, Story, Whole
from .two_workers import Killed


class AtBoundaries:
    """The way of this module; ``gates`` are those of the workers."""

    name = "one task at a time"
    gated = True

    def __init__(self, gates: Gates) -> None:
        self._gates = gates

    async def undisturbed(self, run: Run, story: Story) -> tuple[Sequence[bool], Sequence[Boundary]]:
        await run.start(story.question)
        conductor = Conductor(run, self._gates, story.person)
        try:
            await conductor.lead()
        finally:
            conductor.close()
        return conductor.answers, conductor.places

    def places(self, whole: Whole) -> Sequence[str]:
        missing = unreached(whole.end.names, [place.title for place in whole.places])
        if missing:
            raise RuntimeError(f"no worker can be killed after {', '.join(missing)}")
        return [f"boundary {n} of {len(whole.places)}" for n in range(1, len(whole.places) + 1)]

    async def kill_both(self, run: Run, story: Story, whole: Whole, place: int) -> Killed:
        await run.start(story.question)
        conductor = Conductor(run, self._gates, story.person)
        try:
            first = await conductor.lead(place + 1)
            if first is None:
                raise RuntimeError("the run was over before its boundary")
            seen = await run.moment()
            stops = [Stop(seen, await run.kill(first.holder), first.place.title)]
            died, hit = time.monotonic(), first.place.is_where(seen)
            (other,) = [worker for worker in run.workers if worker.running]
            run.begin_worker()
            second = await conductor.lead(max(1, (len(whole.places) - place) // 2), mortal=other)
            if second is None:
                raise RuntimeError("the run was over before the second kill")
            seen = await run.moment()
            stops.append(Stop(seen, await run.kill(second.holder), second.place.title))
            await conductor.lead()
        finally:
            conductor.close()
        return Killed(stops, conductor.answers, died, hit)


def unreached(names: Sequence[str], places: Sequence[str]) -> list[str]:
    """The events after which there is a boundary, and none of the places.

    Args:
        names: The events of a run, in their order.
        places: The events after which it can be stopped, by number and name.
    """
    # No start is delayed here: the first workflow task comes with it.
    return [
        f"{n} {name}"
        for n, (name, following) in enumerate(itertools.pairwise(names), start=1)
        if not in_one_go(name, following)
        and name != "WorkflowExecutionStarted"
        and f"{n} {name}" not in places
    ]
