"""A worker for the learner's saga, ``my/people/saga.py``: a process, for the check kills it.

Run as a script, from the folder that holds ``my``.
"""

from __future__ import annotations

import asyncio
import importlib

from workshop.checks.killed_worker import work_until_killed
from workshop.exercises.people.project import activities


async def main() -> None:
    """Work until killed."""
    saga = importlib.import_module("my.people.saga")
    await work_until_killed(workflows=[saga.Payout], activities=[activities().withdraw, activities().deposit])


if __name__ == "__main__":
    asyncio.run(main())
