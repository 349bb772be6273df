"""How the fleet reaches Temporal."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.openai_agents import ModelActivityParameters, OpenAIAgentsPlugin


async def connect(address: str = "") -> Client:
    # A worker that has only just begun may be busy for seconds; its first call is not to be paid twice for that.
    times = ModelActivityParameters(
        start_to_close_timeout=timedelta(minutes=2), heartbeat_timeout=timedelta(minutes=1)
    )
    config = ClientConfig.load_client_connect_config()
    if address:
        config["target_host"] = address
    return await Client.connect(**config, plugins=[OpenAIAgentsPlugin(model_params=times)])
