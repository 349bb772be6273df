"""What a model was offered in a call: tools, and agents to hand over to."""

from __future__ import annotations

from workshop.checks.histories import ActivityRun


def tools_offered(call: ActivityRun) -> dict[str, str]:
    """The tools, each with its description."""
    tools = call.input[0].get("tools") or []
    return {str(one.get("name")): str(one.get("description") or "") for one in tools}


def handoffs_offered(call: ActivityRun) -> list[str]:
    """The names of the agents that it could hand over to."""
    return sorted(str(one.get("agent_name")) for one in call.input[0].get("handoffs") or [])
