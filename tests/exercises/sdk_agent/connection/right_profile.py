# outcome: PASSED
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.envconfig import ClientConfigProfile
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


MODEL_PARAMS = ModelActivityParameters(
    start_to_close_timeout=timedelta(minutes=1),
    heartbeat_timeout=timedelta(seconds=5),
    schedule_to_close_timeout=timedelta(hours=1),
    retry_policy=RetryPolicy(),
)


async def connect() -> Client:
    config = ClientConfigProfile.load().to_client_connect_config()
    config["plugins"] = [OpenAIAgentsPlugin(model_params=MODEL_PARAMS)]
    return await Client.connect(**config)
