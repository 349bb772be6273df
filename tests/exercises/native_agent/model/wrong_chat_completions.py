# outcome: NOT YET · wiring
# says: requests by `client.responses.create`
# asks through the old chat.completions interface, whose reply is no Response
"""One call of the model, as an activity."""

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
    try:
        async with heartbeats():
            response = await client.chat.completions.create(
                model=MODEL,
                messages=[{"role": "system", "content": request.instructions}, *request.input],
                tools=request.tools,
            )
        return reply_of(response)
    except APIStatusError as error:
        raise to_failure(error) from None
