"""A worker for the learner's own agent, ``my/sdk_agent/own_agent.py``: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import plugin
from workshop.checks.blocking import watch_loop
from workshop.checks.killed_worker import work_until_killed
from workshop.checks.outcomes import NotYet

BLOCKED = "blocked: "
"""What this process's last line begins with if a tool has stopped it; a verdict in JSON follows."""


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
    watch_loop(_end)
    await work_until_killed(
        workflows=[module.OwnAgent], activities=own_activities(module), plugins=[plugin()]
    )


def _end(verdict: NotYet) -> None:
    """End this process: what would come of it is known."""
    print(BLOCKED + json.dumps(verdict.to_json()), flush=True)
    os._exit(1)


if __name__ == "__main__":
    asyncio.run(main())
