"""Workers for agents of the Agents SDK, in the child process: with the plugin, and the practice model behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .agent_plugin import plugin as plugin
from .agent_runs import start_all
from .bench import NotYet, need
from .endings import result_of
from .workflows import misfit, running_worker

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


async def answers(
    module: ModuleType, name: str, questions: Mapping[str, Sequence[str]], activities: Sequence[Any]
) -> tuple[dict[str, Any], WorkflowHandle[Any, Any]]:
    """Ask an agent several questions at once.

    Args:
        module: The learner's.
        name: The workflow in it.
        questions: What each run is given, and its id, by a name of the question; see :func:`agent_runs.run_ids`.
        activities: Of its worker.

    Returns:
        The results by the names of the questions; and the last run, which has been replayed.

    Raises:
        NotYet: there is no such workflow, a run has no result, or the last one does not replay.
    """
    defined = need(module, name, type, "a class")
    look = f"the body of `{name}.run`"
    async with running_worker(plugins=[plugin()], workflows=[defined], activities=activities) as client:
        handles = await start_all(client, name, questions)
        results = await asyncio.gather(*[result_of(handle, look) for handle in handles.values()])
    last = list(handles.values())[-1]
    if problem := await misfit(last, defined):
        raise NotYet("a run that replays", problem, look)
    return dict(zip(handles, results, strict=True)), last
