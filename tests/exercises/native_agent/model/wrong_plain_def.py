# outcome: NOT YET · of another kind
# says: a plain `def`
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
def call_model(request: ModelRequest) -> ModelReply:
    try:
        return reply_of(client.responses.create(model=MODEL, **vars(request)))
    except APIStatusError as error:
        raise to_failure(error) from None
