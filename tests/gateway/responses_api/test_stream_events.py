"""The Responses API as the openai client sees it: real client, real HTTP, the SDK's own types."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import openai
import pytest
from tests.gateway.gateway_servers import RunningGateway, openai_client, running, scripted, tool
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseStreamEvent
from openai.types.responses.response_item import ResponseItem
from pydantic import BaseModel, TypeAdapter

from workshop.gateway import replies

EVENTS: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
ITEMS: TypeAdapter[Any] = TypeAdapter(ResponseItem)
TOOL: Any = tool()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    patch = pytest.MonkeyPatch()
    patch.setattr(replies, "plan", scripted)
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found
    patch.undo()


@pytest.fixture
async def client(gateway: RunningGateway, request: pytest.FixtureRequest) -> AsyncIterator[AsyncOpenAI]:
    # Each test has a scope of its own.
    async with openai_client(gateway.base(scope(request))) as made:
        yield made


def scope(request: pytest.FixtureRequest) -> str:
    return "t" + str(abs(hash(request.node.name)))


def strictly(response: Response) -> Response:
    """The same response, checked against the SDK's own model (the client itself does not check)."""
    return Response.model_validate(response.to_dict(), strict=True)


async def test_a_plain_reply_satisfies_the_sdks_types(client: AsyncOpenAI) -> None:
    response = strictly(
        await client.responses.create(model="gpt-5", instructions="Be kind.", input="say Hi.")
    )
    assert response.output_text == "Hi."
    assert response.status == "completed"
    assert response.model == "practice-model"
    assert response.instructions == "Be kind."
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens > 0


async def test_it_says_that_it_is_no_language_model(client: AsyncOpenAI) -> None:
    raw = await client.responses.with_raw_response.create(model="gpt-5", input="say Hi.")
    assert raw.headers["x-workshop-model"] == "practice (a deterministic planner, not a language model)"
    assert raw.headers["x-workshop-rule"] == "test"
    assert raw.headers["x-request-id"].startswith("req_")


async def test_the_same_request_has_the_same_reply_to_the_byte(gateway: RunningGateway) -> None:
    body = {"model": "gpt-5", "input": 'call get_weather {"state":"CA"}', "tools": [TOOL]}
    first, again = gateway.post("same", body), gateway.post("same", body)
    elsewhere = gateway.post("other", body)
    assert first.content == again.content == elsewhere.content
    streamed = [gateway.post("same", {**body, "stream": True}).content for _ in range(2)]
    assert streamed[0] == streamed[1]
    other = gateway.post("same", {**body, "instructions": "Other."}).json()
    assert other["id"] != first.json()["id"]
    assert other["output"][0]["call_id"] != first.json()["output"][0]["call_id"]


async def test_a_streamed_reply_has_the_full_sequence_of_events(client: AsyncOpenAI) -> None:
    stream = await client.responses.create(model="gpt-5", input="say One two three.", stream=True)
    events = [event async for event in stream]
    for number, event in enumerate(events):
        EVENTS.validate_python(event.to_dict(), strict=True)
        assert event.sequence_number == number
    assert [event.type for event in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        *["response.output_text.delta"] * 3,
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    final: Any = events[-1]
    assert "".join(deltas) == final.response.output_text == "One two three."
    begun: Any = events[0]
    assert begun.response.status == "in_progress"
    assert begun.response.usage is None
    assert begun.response.id == final.response.id
    plain = await client.responses.create(model="gpt-5", input="say One two three.")
    assert plain.to_dict() == final.response.to_dict()


async def test_streamed_tool_calls_have_their_own_events(client: AsyncOpenAI) -> None:
    asked = 'call get_weather {"state":"CA"}; call get_weather {"state":"NY"}'
    stream = await client.responses.create(model="gpt-5", input=asked, tools=[TOOL], stream=True)
    events: list[Any] = [event async for event in stream]
    for event in events:
        EVENTS.validate_python(event.to_dict(), strict=True)
    kinds = [event.type for event in events if event.type != "response.function_call_arguments.delta"]
    each = [
        "response.output_item.added",
        "response.function_call_arguments.done",
        "response.output_item.done",
    ]
    assert kinds == ["response.created", "response.in_progress", *each, *each, "response.completed"]
    done = [event for event in events if event.type == "response.function_call_arguments.done"]
    assert [event.arguments for event in done] == ['{"state":"CA"}', '{"state":"NY"}']
    pieces = [event for event in events if event.type == "response.function_call_arguments.delta"]
    for index in (0, 1):
        assert (
            "".join(event.delta for event in pieces if event.output_index == index) == done[index].arguments
        )


async def test_the_clients_own_stream_helper_works(client: AsyncOpenAI) -> None:
    async with client.responses.stream(model="gpt-5", input="say One two.") as stream:
        kinds = {event.type async for event in stream}
        final = await stream.get_final_response()
    assert "response.output_text.delta" in kinds
    assert final.output_text == "One two."


async def test_several_calls_in_one_reply_and_only_one_without_parallel_calls(client: AsyncOpenAI) -> None:
    asked = 'call get_weather {"state":"CA"}; call get_weather {"state":"NY"}'
    both = strictly(await client.responses.create(model="gpt-5", input=asked, tools=[TOOL]))
    assert [item.type for item in both.output] == ["function_call", "function_call"]
    calls: Any = both.output
    assert calls[0].call_id != calls[1].call_id
    one = await client.responses.create(model="gpt-5", input=asked, tools=[TOOL], parallel_tool_calls=False)
    assert len(one.output) == 1
    assert one.parallel_tool_calls is False


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        (None, "auto"),
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"type": "function", "name": "get_weather"}, {"type": "function", "name": "get_weather"}),
        (
            {
                "type": "allowed_tools",
                "mode": "required",
                "tools": [{"type": "function", "name": "get_weather"}],
            },
            "required",
        ),
    ],
)
async def test_tool_choice_reaches_the_planner(
    client: AsyncOpenAI, monkeypatch: pytest.MonkeyPatch, choice: Any, sent: Any
) -> None:
    seen: list[Any] = []

    def spy(request: Any) -> Any:
        seen.append(request)
        return scripted(request)

    monkeypatch.setattr(replies, "plan", spy)
    more = {} if choice is None else {"tool_choice": choice}
    tools: Any = [TOOL, tool("other")]
    response = strictly(await client.responses.create(model="gpt-5", input="say Hi", tools=tools, **more))
    assert seen[0].tool_choice == sent
    names = [tool["name"] for tool in seen[0].tools]
    narrowed = isinstance(choice, dict) and choice["type"] == "allowed_tools"
    assert names == (["get_weather"] if narrowed else ["get_weather", "other"])
    echoed = response.to_dict()["tool_choice"]
    assert echoed == (choice or "auto")


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


async def test_structured_output_through_the_clients_parse(client: AsyncOpenAI) -> None:
    class Answer(BaseModel):
        answer: str

    response = await client.responses.parse(model="gpt-5", input="Well?", text_format=Answer)
    assert response.output_parsed == Answer(answer="yes")
    strictly(response)


async def test_max_output_tokens_cuts_the_reply_off(client: AsyncOpenAI) -> None:
    long = "word " * 100
    response = strictly(
        await client.responses.create(model="gpt-5", input="say " + long, max_output_tokens=16)
    )
    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.output_text == long[:64]
    assert response.usage is not None
    assert response.usage.output_tokens == 16
    stream = await client.responses.create(
        model="gpt-5", input="say " + long, max_output_tokens=16, stream=True
    )
    events: list[Any] = [event async for event in stream]
    assert events[-1].type == "response.incomplete"
    EVENTS.validate_python(events[-1].to_dict(), strict=True)
    enough = await client.responses.create(model="gpt-5", input="say Hi.", max_output_tokens=16)
    assert enough.status == "completed"


async def test_a_call_that_is_cut_off_is_incomplete(client: AsyncOpenAI) -> None:
    asked = 'call get_weather {"state":"CA"}; call get_weather {"state":"' + "x" * 100 + '"}'
    response = strictly(
        await client.responses.create(model="gpt-5", input=asked, tools=[TOOL], max_output_tokens=16)
    )
    calls: Any = response.output
    assert [call.status for call in calls] == ["completed", "incomplete"]


async def test_what_a_client_may_send_besides_is_taken(client: AsyncOpenAI) -> None:
    everything: Any = {
        "reasoning": {"effort": "low"},
        "include": ["reasoning.encrypted_content"],
        "metadata": {"who": "me"},
        "truncation": "auto",
        "temperature": 0.2,
        "top_p": 0.9,
        "user": "someone",
        "service_tier": "auto",
        "prompt_cache_key": "k",
        "safety_identifier": "s",
        "background": False,
        "top_logprobs": 0,
        "text": {"verbosity": "low"},
        "extra_body": {"from_the_future": {"a": [1]}},
    }
    response = strictly(await client.responses.create(model="gpt-5", input="say Hi", **everything))
    assert response.metadata == {"who": "me"}
    assert response.temperature == 0.2
    assert response.truncation == "auto"


async def test_every_kind_of_message_is_taken(client: AsyncOpenAI) -> None:
    items: Any = [
        {"role": "system", "content": "S"},
        {"role": "developer", "content": [{"type": "input_text", "text": "D"}]},
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_image", "image_url": "data:,", "detail": "auto"}],
        },
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "A", "annotations": []}],
        },
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"role": "user", "content": "say Hi"},
    ]
    response = await client.responses.create(model="gpt-5", input=items)
    assert response.output_text == "Hi"


async def test_hosted_tools_are_taken_echoed_and_named_as_ignored(client: AsyncOpenAI) -> None:
    tools: Any = [{"type": "web_search"}, TOOL]
    raw = await client.responses.with_raw_response.create(model="gpt-5", input="say Hi", tools=tools)
    assert raw.headers["x-workshop-ignored-tools"] == "web_search"
    assert [tool.type for tool in strictly(raw.parse()).tools] == ["web_search", "function"]


async def test_models(client: AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["practice-model"]
    assert (await client.models.retrieve("gpt-5")).id == "gpt-5"


async def test_without_a_scope_the_default_one_is_used(gateway: RunningGateway) -> None:
    async with openai_client(f"{gateway.url}/v1") as client:
        await client.responses.create(model="gpt-5", input="say Hi")
    assert gateway.meter("default")["model"]["completed"] == 1


async def test_many_at_once_do_not_mix(client: AsyncOpenAI) -> None:
    answers = await asyncio.gather(
        *(client.responses.create(model="gpt-5", input=f"say {number}") for number in range(40))
    )
    assert [answer.output_text for answer in answers] == [str(number) for number in range(40)]
