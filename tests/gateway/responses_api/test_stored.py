"""Stored responses: a conversation that goes on from one, and what can be read, listed and deleted."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses.response_item import ResponseItem
from pydantic import TypeAdapter

from tests.gateway.gateway_servers import RunningGateway, openai_client, strictly
from tests.gateway.request_bodies import tool

pytestmark = pytest.mark.usefixtures("scripted_planner")

ITEMS: TypeAdapter[Any] = TypeAdapter(ResponseItem)
TOOL: Any = tool()


async def test_a_conversation_goes_on_from_the_previous_response(client: AsyncOpenAI) -> None:
    first = await client.responses.create(
        model="gpt-5", input='call get_weather {"state":"CA"}', tools=[TOOL]
    )
    call: Any = first.output[0]
    output: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "Fog."}]
    second = strictly(
        await client.responses.create(
            model="gpt-5", input=output, tools=[TOOL], previous_response_id=first.id
        )
    )
    assert second.output_text == "The tool said: Fog."
    assert second.previous_response_id == first.id
    third = await client.responses.create(model="gpt-5", input="say Bye", previous_response_id=second.id)
    assert third.output_text == "Bye"
    assert third.usage is not None
    assert second.usage is not None
    assert third.usage.input_tokens > 0


async def test_what_was_not_stored_cannot_be_gone_on_from(client: AsyncOpenAI) -> None:
    first = await client.responses.create(model="gpt-5", input="say Hi", store=False)
    assert strictly(first).to_dict()["store"] is False
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(model="gpt-5", input="say Hi", previous_response_id=first.id)
    assert caught.value.code == "previous_response_not_found"
    assert caught.value.param == "previous_response_id"


async def test_stored_responses_can_be_read_listed_and_deleted(client: AsyncOpenAI) -> None:
    first = await client.responses.create(
        model="gpt-5", input='call get_weather {"state":"CA"}', tools=[TOOL]
    )
    call: Any = first.output[0]
    output: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "Fog."}]
    second = await client.responses.create(
        model="gpt-5", input=output, tools=[TOOL], previous_response_id=first.id
    )
    assert (await client.responses.retrieve(first.id)).to_dict() == first.to_dict()
    replayed = await client.responses.retrieve(first.id, stream=True)
    assert [event.type async for event in replayed][-1] == "response.completed"
    items = [item async for item in client.responses.input_items.list(second.id, order="asc")]
    assert [item.type for item in items] == ["message", "function_call", "function_call_output"]
    for item in items:
        ITEMS.validate_python(item.to_dict(), strict=True)
    page = await client.responses.input_items.list(second.id, limit=2)
    assert page.has_more
    assert [item.type async for item in page] == ["function_call_output", "function_call", "message"]
    await client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(first.id)
    # What went on from it is still whole.
    third = await client.responses.create(model="gpt-5", input="say Bye", previous_response_id=second.id)
    assert third.output_text == "Bye"


async def test_stored_responses_belong_to_their_scope(gateway: RunningGateway, client: AsyncOpenAI) -> None:
    made = await client.responses.create(model="gpt-5", input="say Hi")
    async with openai_client(gateway.base("elsewhere")) as other:
        with pytest.raises(openai.NotFoundError):
            await other.responses.retrieve(made.id)


async def test_an_item_can_be_referred_to(client: AsyncOpenAI) -> None:
    first = await client.responses.create(
        model="gpt-5", input='call get_weather {"state":"CA"}', tools=[TOOL]
    )
    call: Any = first.output[0]
    items: Any = [
        {"role": "user", "content": "?"},
        {"type": "item_reference", "id": call.id},
        {"type": "function_call_output", "call_id": call.call_id, "output": "Fog."},
    ]
    response = await client.responses.create(model="gpt-5", input=items, tools=[TOOL])
    assert response.output_text == "The tool said: Fog."
    unknown: Any = [{"type": "item_reference", "id": "msg_unknown"}]
    with pytest.raises(openai.NotFoundError):
        await client.responses.create(model="gpt-5", input=unknown)
