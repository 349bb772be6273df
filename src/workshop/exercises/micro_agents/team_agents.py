"""The agents that the learner's functions make, looked at before they run."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import NotYet, describe, need_function, place_of

if TYPE_CHECKING:
    from agents import Agent


def made_agent(module: ModuleType, name: str) -> Agent[Any]:
    """In the child: the agent that the learner's function makes.

    Raises:
        NotYet: it makes none.
    """
    from agents import Agent

    function = need_function(module, name)
    agent = function()
    if not isinstance(agent, Agent):
        raise NotYet(
            f"an Agent from `{name}()`", describe(agent), f"{place_of(module, function)}: its `return`"
        )
    if agent.model_settings.tool_choice not in (None, "auto"):
        raise NotYet(
            "an agent that may also answer without a tool or a handoff",
            f"`tool_choice={agent.model_settings.tool_choice!r}`: it has to call one",
            place_of(module, function),
        )
    return agent
