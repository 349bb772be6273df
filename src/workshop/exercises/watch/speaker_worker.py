"""A worker for the course's speaker, whose words are streamed: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib
from datetime import timedelta

from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

from workshop.checks.killed_worker import work_until_killed


async def main() -> None:
    """Work until killed."""
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(minutes=1),
        heartbeat_timeout=timedelta(seconds=2),
        streaming_topic="events",
    )
    speaker = importlib.import_module("my.watch.speaker")
    await work_until_killed(
        workflows=[speaker.Speaker], activities=[], plugins=[OpenAIAgentsPlugin(model_params=times)]
    )


if __name__ == "__main__":
    asyncio.run(main())
