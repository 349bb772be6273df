"""The learner's project with the agent on Temporal: its files, and what has to be there before a check begins."""

from __future__ import annotations

import importlib
from typing import Any

from workshop.checks.agent_runs import need_files
from workshop.checks.bench import Bench, need
from workshop.checks.workflows import need_done

ACTIVITIES = "my/sdk_agent/activities.py"
WORKFLOW = "my/sdk_agent/workflow.py"
CONNECTION = "my/sdk_agent/connection.py"
WORKER = "my/sdk_agent/worker.py"
LIMITED = "my/sdk_agent/limited.py"

QUEUE = "sdk-agent"
"""The task queue that the files name, without the scope."""


def need_agent(bench: Bench) -> None:
    """Make sure that a worker can be made.

    Raises:
        NotYetAttempted: a file that it needs is missing or still open.
    """
    need_files(bench, ACTIVITIES)
    need_done(bench, WORKFLOW, CONNECTION)


def tools() -> list[Any]:
    """In the child: the activities of the learner's ``activities.py``.

    Raises:
        NotYet: it has no such list.
    """
    return list(need(importlib.import_module("my.sdk_agent.activities"), "TOOLS", (list, tuple)))
