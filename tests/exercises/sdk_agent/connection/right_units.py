# outcome: PASSED
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


async def connect() -> Client:
    params = ModelActivityParameters()
    params.start_to_close_timeout = timedelta(seconds=60)
    params.heartbeat_timeout = timedelta(milliseconds=5000)
    params.schedule_to_close_timeout = timedelta(minutes=60)
    config = ClientConfig.load_client_connect_config()
    address = config.pop("target_host", "localhost:7233")
    client = await Client.connect(address, **config, plugins=[OpenAIAgentsPlugin(model_params=params)])
    return client
