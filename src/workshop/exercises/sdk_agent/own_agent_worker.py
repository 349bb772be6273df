"""A worker for the learner's own agent, ``my/sdk_agent/own_agent.py``: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.killed_worker import work_until_killed


def own_activities(module: ModuleType) -> list[Callable[..., Any]]:
    """The activities that a module names, alone or in a list."""
    found = [one for one in _values(module) if hasattr(one, "__temporal_activity_definition")]
    return list(dict.fromkeys(found))


def _values(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if isinstance(value, list | tuple):
            yield from (one for one in value if callable(one))
        elif callable(value):
            yield value


async def main() -> None:
    """Work until killed."""
    module = importlib.import_module("my.sdk_agent.own_agent")
    await work_until_killed(
        workflows=[module.OwnAgent], activities=own_activities(module), plugins=[plugin()]
    )


if __name__ == "__main__":
    asyncio.run(main())
