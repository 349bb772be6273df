"""How a check runs: it executes the learner's file, judges what it did, and says so in one of four outcomes.

Knows no lesson: what each exercise asks is :mod:`workshop.exercises`.

- ``outcomes``  the four ways a check ends, in words
- ``exercise``  an exercise as its check sees it; ``registry`` finds the check of one
- ``bench``     what a check function works with
- ``agent_runs`` agents of the Agents SDK: asked, and read from their histories
- ``agent_plugin``, ``agent_workers`` their plugin and workers in the child; ``killed_worker``,
  one that a check kills
- ``workflows`` workers and runs; ``endings``, ``histories`` and ``tracebacks`` tell
  how a run ended, what its history shows, and what a process died of
- ``needs``     what a probe says about things missing from the learner's module
- ``runner``    starts and ends the processes; ``child`` is what runs in them
- ``engine``    one check from beginning to end; ``fault`` decides whose fault it is; ``runs`` and ``replays`` replay
                every run at the end, ``suspects`` names the likely line, ``obstacles`` what a run cannot get over;
                ``cells`` sees a cell that was not run
- ``fresh``     input that no answer can know; ``outages``, errors that forbid another attempt;
  ``blocking``, code that stops its whole worker
- ``hints``     ``hint()`` and ``solution()``
- ``progress``  what has passed on this machine

The learner's names (``check``, ``hint``, ``solution``) and ``warm`` are loaded when they are used: the child
process imports this package first, and should not pay for what it does not need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.checks.engine import check
    from workshop.checks.hints import hint, solution
    from workshop.checks.runner import warm

_HOMES = {"check": "engine", "hint": "hints", "solution": "hints", "warm": "runner"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    if name == "check":
        # Who imports it will call it: the seconds that its first child needs pass while the learner reads.
        importlib.import_module(f"{__name__}.runner").warm()
    return value


__all__ = ["check", "hint", "solution", "warm"]
