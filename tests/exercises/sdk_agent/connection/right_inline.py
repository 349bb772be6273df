# outcome: PASSED
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


async def connect() -> Client:
    config = ClientConfig.load_client_connect_config()
    config["plugins"] = [
        OpenAIAgentsPlugin(
            model_params=ModelActivityParameters(
                start_to_close_timeout=timedelta(seconds=60),
                schedule_to_close_timeout=timedelta(minutes=60),
                heartbeat_timeout=timedelta(milliseconds=5000),
            )
        )
    ]
    return await Client.connect(**config)
