# outcome: NOT YET · hard-coded
# says: TEMPORAL_ADDRESS
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


# As good as an address written here: what the environment says later is not read.
ADDRESS = os.environ.setdefault("FIRST_ADDRESS", os.environ["TEMPORAL_ADDRESS"])


async def connect() -> Client:
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(minutes=1),
        heartbeat_timeout=timedelta(seconds=5),
        schedule_to_close_timeout=timedelta(hours=1),
    )
    plugin = OpenAIAgentsPlugin(model_params=times)
    config = {**ClientConfig.load_client_connect_config(), "target_host": ADDRESS}
    return await Client.connect(**config, plugins=[plugin])
