"""What the tests know of this project. Change it when the agent changes."""

from typing import Any

from takehome_agent.workflow import WeatherAgent as Workflow
from temporalio.client import WorkflowHandle
from temporalio.openai_agents import OpenAIAgentsPlugin

PLUGINS = [OpenAIAgentsPlugin()]

TOOLS = ["get_weather_alerts", "get_location_info", "get_ip_address"]
"""The tools that the agent must have. The scripted model uses each once."""


def argument(n: int) -> Any:
    """What a run is started with; another one for each n, so that no two runs ask the model the same."""
    return f"Question {n}: are there any weather alerts where I am?"


async def drive(handle: WorkflowHandle[Any, Any]) -> None:
    """What people do while a run goes on: nothing."""


__all__ = ["PLUGINS", "TOOLS", "Workflow", "argument", "drive"]
