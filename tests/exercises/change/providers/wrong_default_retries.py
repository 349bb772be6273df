# outcome: NOT YET · times
# says: Temporal's retries
"""Two providers of models behind one worker, each with its address and its key."""

import os

from agents import MultiProvider, OpenAIProvider
from agents.models.multi_provider import MultiProviderMap
from openai import AsyncOpenAI


def make_provider() -> MultiProvider:
    other = AsyncOpenAI(
        base_url=os.environ["OTHER_BASE_URL"], api_key=os.environ["OTHER_API_KEY"], max_retries=0
    )
    providers = MultiProviderMap()
    providers.add_provider("other", OpenAIProvider(openai_client=other, use_responses=False))
    return MultiProvider(provider_map=providers, openai_client=AsyncOpenAI())
