# outcome: NOT YET · times
# says: 3600 seconds, as long as `schedule_to_close_timeout`
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


async def connect() -> Client:
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(60),
        heartbeat_timeout=timedelta(seconds=5),
        schedule_to_close_timeout=timedelta(hours=1),
    )
    plugin = OpenAIAgentsPlugin(model_params=times)
    return await Client.connect(**ClientConfig.load_client_connect_config(), plugins=[plugin])
