# outcome: NOT YET · wiring
# says: nothing answers
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


async def connect() -> Client:
    plugin = OpenAIAgentsPlugin(
        model_params=ModelActivityParameters(
            start_to_close_timeout=timedelta(minutes=1),
            heartbeat_timeout=timedelta(seconds=5),
            schedule_to_close_timeout=timedelta(hours=1),
        )
    )
    return await Client.connect("localhost:1", plugins=[plugin])
