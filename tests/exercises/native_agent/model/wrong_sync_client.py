# outcome: NOT YET · never ends
# says: a sync client
"""One call of the model, as an activity."""

import os

from my.native_agent.failures import to_failure
from my.native_agent.heartbeats import heartbeats
from my.native_agent.messages import ModelReply, ModelRequest, reply_of
from openai import APIStatusError, OpenAI
from temporalio import activity

MODEL = os.environ.get("OPENAI_DEFAULT_MODEL", "gpt-5.6-luna")

client = OpenAI(max_retries=0)


@activity.defn
async def call_model(request: ModelRequest) -> ModelReply:
    try:
        async with heartbeats():
            response = client.responses.create(model=MODEL, **vars(request))
    except APIStatusError as error:
        raise to_failure(error) from None
    return reply_of(response)
