"""A worker for the learner's endless watch, ``my/watch/endless.py``: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib
from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

from workshop.checks.killed_worker import work_until_killed
from workshop.exercises.watch.project import activities


async def main() -> None:
    """Work until killed."""
    # The call that is in flight at the kill is taken for lost this soon.
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(minutes=1),
        heartbeat_timeout=timedelta(seconds=1),
        # The killed worker's call is made again at once, and not a second later.
        retry_policy=RetryPolicy(initial_interval=timedelta(seconds=0.2)),
    )
    endless = importlib.import_module("my.watch.endless")
    await work_until_killed(
        workflows=[endless.EndlessWatch],
        activities=activities(),
        plugins=[OpenAIAgentsPlugin(model_params=times)],
    )


if __name__ == "__main__":
    asyncio.run(main())
