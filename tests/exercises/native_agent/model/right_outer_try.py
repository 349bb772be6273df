# outcome: PASSED
"""One call of the model, as an activity."""

import os

from my.native_agent.failures import to_failure
from my.native_agent.heartbeats import heartbeats
from my.native_agent.messages import ModelReply, ModelRequest, reply_of
from openai import APIStatusError, AsyncOpenAI
from temporalio import activity

MODEL = os.environ.get("OPENAI_DEFAULT_MODEL", "gpt-5.6-luna")

client = AsyncOpenAI().with_options(max_retries=0)


@activity.defn(name="call_model")
async def call_model(request: ModelRequest) -> ModelReply:
    """One request to the model; what went wrong is told as an ApplicationError."""
    try:
        async with heartbeats():
            return reply_of(
                await client.responses.create(
                    model=MODEL, instructions=request.instructions, input=request.input, tools=request.tools
                )
            )
    except APIStatusError as error:
        raise to_failure(error) from None
