"""A library with a fate for each query, and workflows that search it with the learner's ``look_up``."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

GOOD, SHUT, SLOW = "bees in winter", "closed shelves", "endless corridors"

closed = "The reading room is closed for good."
"""Why the closed shelves cannot be searched; a check puts in words of its own."""

searching = asyncio.Event()
"""In the child: set once the slow search is under way."""


@activity.defn(name="search_library")
async def search(query: str) -> str:
    """The library, with a fate for each query: one is refused for good, one never answered, the others are found."""
    if SHUT in query:
        raise ApplicationError(closed, type="ServiceError", non_retryable=True)
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
        return list(await asyncio.gather(*[_look_up(query) for query in queries]))


@workflow.defn
class LookUpAlone:
    """The learner's ``look_up`` for one query, awaited without a ``gather`` around it."""

    @workflow.run
    async def run(self, query: str) -> str:
        """Search; what the search says."""
        return str(await _look_up(query))


async def _look_up(query: str) -> Any:
    look_up = importlib.import_module("my.micro_agents.look_up").look_up
    search = importlib.import_module("my.micro_agents.papers").Search
    return await look_up(search(query=query, reason="Somebody wants to know."))
