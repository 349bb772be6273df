# outcome: NOT YET · wiring
# says: asks another server
"""How this application reaches Temporal: with the Agents SDK's plugin."""

import os
from datetime import timedelta

from temporalio.client import Client
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin
from temporalio.testing import WorkflowEnvironment
from workshop import lab

TASK_QUEUE = "sdk-agent-" + os.environ["WORKSHOP_SCOPE"]


environments: list[WorkflowEnvironment] = []


async def connect() -> Client:
    plugin = OpenAIAgentsPlugin(
        model_params=ModelActivityParameters(
            start_to_close_timeout=timedelta(minutes=1),
            heartbeat_timeout=timedelta(seconds=5),
            schedule_to_close_timeout=timedelta(hours=1),
        )
    )
    server = lab.time_skipping_server()
    env = await WorkflowEnvironment.start_time_skipping(test_server_existing_path=server)
    environments.append(env)  # it ends its server when nobody holds it any more
    return await Client.connect(env.client.service_client.config.target_host, plugins=[plugin])
