"""A library with a fate for each query, and a workflow that searches it with the learner's ``look_up``."""

from __future__ import annotations

import asyncio
import importlib

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

CLOSED = "The reading room is closed for good."
GOOD, SHUT, SLOW = "bees in winter", "closed shelves", "endless corridors"

searching = asyncio.Event()
"""In the child: set once the slow search is under way."""


@activity.defn(name="search_library")
async def search(query: str) -> str:
    """The library, with a fate for each query: one is refused for good, one never answered, the others are found."""
    if SHUT in query:
        raise ApplicationError(CLOSED, type="ServiceError", non_retryable=True)
    if SLOW in query:
        searching.set()
        await asyncio.Event().wait()
    return f"Found in the library: an article that tells all about {query}."


@workflow.defn
class LookUps:
    """The learner's ``look_up`` for several queries, side by side."""

    @workflow.run
    async def run(self, queries: list[str]) -> list[str]:
        """Search; what each search says, in the order of the queries."""
        look_up = importlib.import_module("my.micro_agents.look_up").look_up
        make = importlib.import_module("my.micro_agents.papers").Search
        return list(await asyncio.gather(*[look_up(make(query=one, reason="")) for one in queries]))
