# outcome: NOT YET · wiring
# says: TEMPORAL_NAMESPACE
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


PLUGIN = OpenAIAgentsPlugin(
    model_params=ModelActivityParameters(
        heartbeat_timeout=timedelta(seconds=5), schedule_to_close_timeout=timedelta(hours=1)
    )
)
ADDRESS = os.environ["TEMPORAL_ADDRESS"]


async def connect() -> Client:
    return await Client.connect(ADDRESS, plugins=(PLUGIN,))
