"""Models that follow a script.

They ask for payments, as ``[["Bob", 40], ["Ana", 5]]``, in rounds: each round is one reply with a call for each
payment. When all rounds are over, the first one repeats what it was told of each call.
"""

from __future__ import annotations

import json
from typing import Any

from agents import ModelResponse, Usage
from openai.types.responses import ResponseFunctionToolCall
from temporalio import activity
from temporalio.openai_agents import OpenAIAgentsPlugin
from temporalio.openai_agents.testing import ResponseBuilders, TestModel, TestModelProvider

Rounds = list[list[list[Any]]]
"""Rounds of payments, each with payee and amount."""

DONE = "That is all."


def call_id(round_: int, place: int) -> str:
    """What the scripted models call a payment."""
    return f"call-{round_ + 1}-{place + 1}"


@activity.defn(name="call_model")
async def scripted_model(request: dict[str, Any]) -> dict[str, Any]:
    """The native loop's model call, by a script: the question holds the rounds, as JSON."""
    conversation = request["input"]
    rounds: Rounds = json.loads(conversation[0]["content"])
    outputs = {item["call_id"]: item["output"] for item in conversation[1:] if "output" in item}
    calls = [item for item in conversation[1:] if item.get("type") == "function_call"]
    over = len({item["call_id"].split("-")[1] for item in calls})
    if over == len(rounds):
        return {"items": [], "text": json.dumps(outputs)}
    items = [
        {
            "type": "function_call",
            "call_id": call_id(over, place),
            "name": "pay_relief",
            "arguments": json.dumps({"payee": payee, "amount": amount}),
        }
        for place, (payee, amount) in enumerate(rounds[over])
    ]
    return {"items": items, "text": ""}


def scripted_plugin(rounds: Rounds) -> OpenAIAgentsPlugin:
    """A plugin whose model replies once for each round, and then ends."""
    replies = [
        ModelResponse(
            output=[
                ResponseFunctionToolCall(
                    arguments=json.dumps({"payee": payee, "amount": amount}),
                    call_id=call_id(n, place),
                    name="pay_relief",
                    type="function_call",
                )
                for place, (payee, amount) in enumerate(payments)
            ],
            usage=Usage(),
            response_id=None,
        )
        for n, payments in enumerate(rounds)
    ]
    model = TestModel.returning_responses([*replies, ResponseBuilders.output_message(DONE)])
    return OpenAIAgentsPlugin(model_provider=TestModelProvider(model))
