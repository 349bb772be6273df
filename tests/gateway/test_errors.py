"""Errors in OpenAI's shape, as the real client reads them; and nothing left half recorded."""

from __future__ import annotations

import openai
import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import RunningGateway
from tests.gateway.request_bodies import GOOD

pytestmark = pytest.mark.usefixtures("scripted_planner")


def test_a_refused_request_is_one_failed_call_and_nothing_else(gateway: RunningGateway, scope: str) -> None:
    gateway.post(scope, b"{")
    gateway.post(scope, {**GOOD, "tool_choice": "maybe", "stream": True})
    counts = gateway.meter(scope)["model"]
    assert (counts["arrived"], counts["failed"], counts["completed"], counts["in_flight"]) == (2, 2, 0, 0)
    assert (counts["input_tokens"], counts["output_tokens"], counts["repeats"]) == (0, 0, 0)
    broken, wrong = gateway.transcript(scope)
    assert (broken["request"], broken["http_status"]) == ({}, 400)
    assert wrong["response"]["error"]["param"] == "tool_choice"
    # A refused request pays for nothing: the first right one is no repeat.
    gateway.post(scope, GOOD)
    assert gateway.meter(scope)["model"]["repeats"] == 0


async def test_the_client_raises_its_own_errors(client: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as bad:
        await client.responses.create(model="gpt-5", input="x", tool_choice="required")
    assert bad.value.param == "tool_choice"
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve("resp_unknown")
    with pytest.raises(openai.NotFoundError):
        await client.responses.delete("resp_unknown")
    with pytest.raises(openai.NotFoundError):
        await client.embeddings.create(model="gpt-5", input="x")
