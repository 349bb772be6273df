"""The learner's workflow as it is asked, in the child process."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workshop.checks.agent_workers import answers
from workshop.exercises.micro_agents.project import activities

STATES = ("California", "Texas", "Hawaii")
"""What several agents are asked about at once."""


async def probe_answers(module: ModuleType, name: str, questions: dict[str, list[str]]) -> dict[str, Any]:
    """A probe: ask a workflow several questions at once; its results by the questions' names."""
    results, _ = await answers(module, name, questions, activities())
    return results


async def probe_answer(module: ModuleType, name: str, argument: Any, workflow_id: str) -> Any:
    """A probe: what a workflow returns."""
    return (await probe_answers(module, name, {"": [argument, workflow_id]}))[""]
