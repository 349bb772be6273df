"""The learner's project with the team of agents: what of it the lesson gives."""

from __future__ import annotations

import importlib
from typing import Any

from workshop.checks.bench import need

FOLDER = "my/micro_agents"
TEAM = tuple(f"{FOLDER}/{name}.py" for name in ("activities", "shared", "tools", "team"))
RESEARCH = (*TEAM, f"{FOLDER}/papers.py", f"{FOLDER}/research_team.py")
LOOK_UP = f"{FOLDER}/look_up.py"


def activities() -> list[Any]:
    """In the child: the activities of the learner's ``activities.py``.

    Raises:
        NotYet: it has no such list.
    """
    return list(need(importlib.import_module("my.micro_agents.activities"), "ACTIVITIES", (list, tuple)))
