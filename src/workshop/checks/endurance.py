"""Whether a learner's program goes on for as long as it should: a day passes for it in a moment.

For probes, in the child: the program's `main` runs on the probe's own event loop, whose clock is moved.
"""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from .endings import result_of
from .outcomes import NotYet
from .tracebacks import own_place

_DAY = 86_400.0
_STEP = 10.0
"""Seconds by which the clock moves at once: a loop that sleeps for some seconds a thousand times is over too."""


async def let_a_day_pass() -> None:
    """Move the running event loop's clock, so that all that was to happen within a day is due, and happens."""
    loop = asyncio.get_running_loop()
    clock = loop.time
    passed = 0.0
    loop.time = lambda: clock() + passed  # type: ignore[method-assign]
    while passed < _DAY:
        passed += _STEP
        # A round of the loop in which timers end, and one in which those who slept go on.
        for _ in range(2):
            await asyncio.sleep(0)
    # What ends with an error, or cleans up, needs a few more.
    for _ in range(20):
        await asyncio.sleep(0)


async def need_endurance(
    main: Callable[[], Coroutine[Any, Any, None]],
    workflow: str,
    argument: Any,
    *,
    queue: str,
    prefix: str,
    what: str,
) -> None:
    """See that a worker that has done one run still does another a day later.

    Args:
        main: The learner's function, which makes the worker and runs it.
        workflow: The name of a workflow of the worker's.
        argument: What that is given.
        queue: The task queue of the worker, in full.
        prefix: What the ids of the two runs begin with.
        what: What a run is, for the message.

    Raises:
        NotYet: it does not.
    """
    from temporalio.client import Client

    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    working = asyncio.ensure_future(main())
    for moment, ended in (("begin", "after its first run"), ("day", "by itself, within a day")):
        handle = await client.start_workflow(workflow, argument, id=f"{prefix}-{moment}", task_queue=queue)
        done = asyncio.ensure_future(result_of(handle, _LOOK, what=what))
        await asyncio.wait({done, working}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            if moment == "begin":
                # An error of the program's own, which is told as any other.
                working.result()
            raise _ended(working, ended)
        done.result()
        if moment == "begin":
            await let_a_day_pass()


_LOOK = "`await worker.run()`, which never ends by itself"


def _ended(working: asyncio.Future[None], when: str) -> NotYet:
    """The verdict on a `main` that should have gone on."""
    from workshop.runs.events import own_line_of_text

    error = None if working.cancelled() else working.exception()
    place = ""
    if error is not None:
        when += f", with {type(error).__name__}" + (f": {error}" if str(error) else "")
        place = own_place(own_line_of_text("".join(traceback.format_exception(error))))
    return NotYet("a worker that keeps waiting for work", f"`main` ended {when}", place or _LOOK)
