"""Conversations: kept, listed, gone on with, and refused as the real API refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.conversations import ConversationItem
from pydantic import TypeAdapter

from tests.gateway.gateway_servers import RunningGateway, openai_client, strictly, wait_until
from tests.gateway.request_bodies import tool

pytestmark = pytest.mark.usefixtures("scripted_planner")

ITEM: TypeAdapter[Any] = TypeAdapter(ConversationItem)
TOOL: Any = tool()


def said(item: Any) -> str:
    ITEM.validate_python(item.to_dict(), strict=True)
    return str(item.content[0].text) if item.type == "message" else str(item.type)


async def items_of(client: AsyncOpenAI, key: str, **asked: Any) -> list[str]:
    return [said(item) async for item in client.conversations.items.list(key, **asked)]


async def test_create_read_change_delete(client: AsyncOpenAI) -> None:
    hello: Any = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]
    made = await client.conversations.create(items=hello, metadata={"topic": "demo"})
    assert (made.object, made.metadata) == ("conversation", {"topic": "demo"})
    assert await client.conversations.retrieve(made.id) == made
    changed = await client.conversations.update(made.id, metadata={"topic": "other"})
    assert changed.metadata == {"topic": "other"}
    assert await items_of(client, made.id, order="asc") == ["Hello", "Hi"]
    gone = await client.conversations.delete(made.id)
    assert (gone.id, gone.deleted, gone.object) == (made.id, True, "conversation.deleted")
    for ask in (client.conversations.retrieve(made.id), client.conversations.items.list(made.id)):
        with pytest.raises(openai.NotFoundError, match=f"Conversation with id '{made.id}' not found"):
            await ask


async def test_items_are_added_paged_read_and_removed(client: AsyncOpenAI) -> None:
    key = (await client.conversations.create()).id
    for start in (0, 20):
        several: Any = [{"role": "user", "content": f"m{n}"} for n in range(start, start + 20)]
        added = await client.conversations.items.create(key, items=several)
        assert [said(item) for item in added.data] == [f"m{n}" for n in range(start, start + 20)]
    newest = await client.conversations.items.list(key, limit=3)
    assert [said(item) for item in newest.data] == ["m39", "m38", "m37"]
    assert newest.has_more
    assert await items_of(client, key, order="asc", limit=7) == [f"m{n}" for n in range(40)]
    one = newest.data[0]
    assert await client.conversations.items.retrieve(str(one.id), conversation_id=key) == one
    assert (await client.conversations.items.delete(str(one.id), conversation_id=key)).id == key
    assert (await items_of(client, key))[0] == "m38"
    with pytest.raises(openai.NotFoundError, match="not found in conversation"):
        await client.conversations.items.retrieve(str(one.id), conversation_id=key)


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"items": [{"role": "user", "content": "m"}] * 21}, "items"),
        ({"items": [{"role": "boss", "content": "m"}]}, "items[0].role"),
        ({"items": "Hello"}, "items"),
        ({"metadata": {f"k{n}": "v" for n in range(17)}}, "metadata"),
    ],
)
async def test_what_a_conversation_cannot_begin_with(client: AsyncOpenAI, asked: Any, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await client.conversations.create(**asked)
    assert caught.value.param == param


async def test_responses_go_on_with_it_and_are_added(client: AsyncOpenAI) -> None:
    key = (await client.conversations.create()).id
    first = await client.responses.create(
        model="gpt-5", input='call get_weather {"state":"CA"}', tools=[TOOL], conversation=key
    )
    assert strictly(first).conversation is not None
    call: Any = first.output[0]
    output: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "Fog."}]
    second = await client.responses.create(
        model="gpt-5", input=output, tools=[TOOL], conversation={"id": key}
    )
    assert second.output_text == "The tool said: Fog."
    kinds = ['call get_weather {"state":"CA"}', "function_call", "function_call_output"]
    assert await items_of(client, key, order="asc") == [*kinds, "The tool said: Fog."]


async def test_the_same_words_again_are_another_response(client: AsyncOpenAI) -> None:
    key = (await client.conversations.create()).id
    asked: Any = {"model": "gpt-5", "input": "say Hi", "conversation": key}
    first, second = await client.responses.create(**asked), await client.responses.create(**asked)
    assert first.id != second.id
    assert first.usage is not None
    assert second.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens
    assert await items_of(client, key, order="asc") == ["say Hi", "Hi", "say Hi", "Hi"]


async def test_what_a_response_cannot_go_on_with(client: AsyncOpenAI) -> None:
    asked: Any = {"model": "gpt-5", "input": "say Hi"}
    with pytest.raises(openai.NotFoundError, match="Conversation with id 'conv_none' not found"):
        await client.responses.create(**asked, conversation="conv_none")
    key = (await client.conversations.create()).id
    first = await client.responses.create(**asked, conversation=key)
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(**asked, conversation=key, previous_response_id=first.id)
    assert caught.value.code == "mutually_exclusive_parameters"
    with pytest.raises(openai.BadRequestError, match="go on with 'conversation'"):
        await client.responses.create(**asked, previous_response_id=first.id)
    known: Any = [item async for item in client.conversations.items.list(key)]
    with pytest.raises(openai.BadRequestError, match="Duplicate item found"):
        await client.responses.create(model="gpt-5", input=[known[0].to_dict()], conversation=key)


async def test_a_call_without_its_output_stops_the_conversation(client: AsyncOpenAI) -> None:
    key = (await client.conversations.create()).id
    asked: Any = {"model": "gpt-5", "tools": [TOOL], "conversation": key}
    await client.responses.create(**asked, input='call get_weather {"state":"CA"}')
    with pytest.raises(openai.BadRequestError, match="No tool output found for function call"):
        await client.responses.create(**asked, input="say Hi")


async def test_one_request_at_a_time(gateway: RunningGateway, client: AsyncOpenAI, scope: str) -> None:
    key = (await client.conversations.create()).id
    fault = gateway.fault(scope, "model", "delay", when="after", calls=1)
    asked: Any = {"model": "gpt-5", "input": "say Hi", "conversation": key}
    held = asyncio.create_task(client.responses.create(**asked))
    await asyncio.to_thread(wait_until, lambda: gateway.calls(scope))
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(**asked)
    assert caught.value.code == "conversation_locked"
    gateway.control(scope, "DELETE", f"faults/{fault}")
    assert (await held).output_text == "Hi"
    assert (await client.responses.create(**asked)).output_text == "Hi"


async def test_a_reply_that_nobody_heard_is_in_the_conversation_all_the_same(
    gateway: RunningGateway, client: AsyncOpenAI, scope: str
) -> None:
    key = (await client.conversations.create()).id
    gateway.fault(scope, "model", "delay", when="after", calls=1)
    asked: Any = {"model": "gpt-5", "input": "say Hi", "conversation": key}
    async with openai_client(gateway.base(scope)) as impatient:
        held = asyncio.create_task(impatient.responses.create(**asked))
        await asyncio.to_thread(wait_until, lambda: gateway.calls(scope))
        held.cancel()
        with pytest.raises(asyncio.CancelledError):
            await held
    await asyncio.to_thread(wait_until, lambda: gateway.calls(scope)[0]["status"] == "failed")
    await client.responses.create(**asked)  # the retry
    assert await items_of(client, key, order="asc") == ["say Hi", "Hi", "say Hi", "Hi"]


async def test_compaction_takes_the_place_of_a_conversation(client: AsyncOpenAI) -> None:
    long: Any = [{"role": "user", "content": f"Check {n}: is there anything new?"} for n in range(60)]
    compacted = await client.responses.compact(model="gpt-5", input=long)
    assert [item.type for item in compacted.output] == ["message"] * 60 + ["compaction"]
    only: Any = [compacted.output[-1].to_dict(), {"role": "user", "content": "say Hi"}]
    count = client.responses.input_tokens.count
    assert (await count(model="gpt-5", input=only)).input_tokens < (
        await count(model="gpt-5", input=long)
    ).input_tokens
    whole: Any = [
        *(item.model_dump(exclude_unset=True, warnings=False) for item in compacted.output),
        only[1],
    ]
    answer = await client.responses.create(model="gpt-5", input=whole)
    assert answer.output_text == "Hi"
    again = await client.responses.compact(model="gpt-5", previous_response_id=answer.id)
    assert len(again.output) == 62
    forged: Any = [{"type": "compaction", "encrypted_content": "abcd"}]
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(model="gpt-5", input=forged)
    assert caught.value.code == "invalid_encrypted_content"


async def test_cancel_says_what_the_real_api_says(client: AsyncOpenAI) -> None:
    done = await client.responses.create(model="gpt-5", input="say Hi")
    with pytest.raises(openai.BadRequestError, match="Cannot cancel a synchronous response"):
        await client.responses.cancel(done.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.cancel("resp_none")
