"""How this application reaches Temporal: a profile of temporal.toml or the environment, and the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = os.environ.get("TASK_QUEUE", "takehome-agent")


async def connect() -> Client:
    """Connect as the profile TEMPORAL_PROFILE says; without one, to localhost:7233."""
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(minutes=1),
        # A dead worker is noticed within five seconds, not within the minute.
        heartbeat_timeout=timedelta(seconds=5),
        schedule_to_close_timeout=timedelta(hours=1),
    )
    plugin = OpenAIAgentsPlugin(model_params=times)
    return await Client.connect(**ClientConfig.load_client_connect_config(), plugins=[plugin])
