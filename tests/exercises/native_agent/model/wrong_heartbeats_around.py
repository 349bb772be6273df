# outcome: NOT YET · missing
# says: none between the request and its reply
# one heartbeat before the call, one after it: none while the server waits for the next
"""One model call, as an activity."""

import os

from my.native_agent.failures import to_failure
from my.native_agent.heartbeats import heartbeats
from my.native_agent.messages import ModelReply, ModelRequest, reply_of
from openai import APIStatusError, AsyncOpenAI
from temporalio import activity

MODEL = os.environ.get("OPENAI_DEFAULT_MODEL", "gpt-5.6-luna")

client = AsyncOpenAI(max_retries=0)


@activity.defn
async def call_model(request: ModelRequest) -> ModelReply:
    activity.heartbeat()
    try:
        response = await client.responses.create(
            model=MODEL,
            instructions=request.instructions,
            input=request.input,
            tools=request.tools,
        )
    except APIStatusError as error:
        raise to_failure(error) from None
    activity.heartbeat()
    return reply_of(response)
