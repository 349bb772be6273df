"""The plugin for the Agents SDK, as the lessons' clients have it from lesson 4 on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from temporalio.openai_agents import OpenAIAgentsPlugin


def plugin() -> OpenAIAgentsPlugin:
    """A plugin for one client: its model calls are those of the practice model."""
    from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

    # Without heartbeats, the call that a killed worker had in flight would be given up after a minute.
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(minutes=1), heartbeat_timeout=timedelta(seconds=5)
    )
    return OpenAIAgentsPlugin(model_params=times)
