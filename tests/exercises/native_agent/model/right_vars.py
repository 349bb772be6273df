# outcome: PASSED
"""One call of the model, as an activity."""

import os
from dataclasses import fields

from my.native_agent.failures import to_failure
from my.native_agent.heartbeats import heartbeats
from my.native_agent.messages import ModelReply, ModelRequest, reply_of
from openai import APIStatusError, AsyncOpenAI
from temporalio import activity

MODEL = os.environ.get("OPENAI_DEFAULT_MODEL", "gpt-5.6-luna")

client = AsyncOpenAI(max_retries=0, timeout=60)


@activity.defn
async def call_model(req: ModelRequest) -> ModelReply:
    arguments = {field.name: getattr(req, field.name) for field in fields(req)}
    try:
        async with heartbeats():
            response = await client.responses.create(model=MODEL, **arguments)
    except APIStatusError as problem:
        failure = to_failure(problem)
        raise failure from None
    else:
        return reply_of(response)
