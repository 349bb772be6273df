"""The learner's agent as it is asked, and what the gateway recorded of it."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from workshop.checks.bench import need

if TYPE_CHECKING:
    from workshop.lab.gateway_client import Exchange


async def probe_answer(module: ModuleType, question: str) -> str:
    """A probe: what the learner's ``agent`` answers."""
    from agents import Agent, Runner

    agent = need(module, "agent", Agent)
    return str((await Runner.run(agent, question)).final_output)


def is_haiku(call: Exchange) -> bool:
    """Whether the practice model wrote a haiku: its rule says so, its prose is not read."""
    return (call.rule or "").startswith("haiku")
