"""The response object as the openai client sees it, checked against the SDK's own types."""

from __future__ import annotations

from typing import Any

import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel

from tests.gateway.gateway_servers import RunningGateway, strictly, strictly_event
from tests.gateway.request_bodies import tool
from workshop.gateway.responses_api import response_object

pytestmark = pytest.mark.usefixtures("scripted_planner")

TOOL: Any = tool()


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


async def test_the_same_request_has_the_same_reply_to_the_byte(gateway: RunningGateway, scope: str) -> None:
    body = {"model": "gpt-5", "input": 'call get_weather {"state":"CA"}', "tools": [TOOL]}
    first, again = gateway.post(scope, body), gateway.post(scope, body)
    elsewhere = gateway.post(scope + "x", body)
    assert first.content == again.content == elsewhere.content
    streamed = [gateway.post(scope, {**body, "stream": True}).content for _ in range(2)]
    assert streamed[0] == streamed[1]
    other = gateway.post(scope, {**body, "instructions": "Other."}).json()
    assert other["id"] != first.json()["id"]
    assert other["output"][0]["call_id"] != first.json()["output"][0]["call_id"]


async def test_several_calls_in_one_reply_and_only_one_without_parallel_calls(client: AsyncOpenAI) -> None:
    asked = 'call get_weather {"state":"CA"}; call get_weather {"state":"NY"}'
    both = strictly(await client.responses.create(model="gpt-5", input=asked, tools=[TOOL]))
    assert [item.type for item in both.output] == ["function_call", "function_call"]
    calls: Any = both.output
    assert calls[0].call_id != calls[1].call_id
    one = await client.responses.create(model="gpt-5", input=asked, tools=[TOOL], parallel_tool_calls=False)
    assert len(one.output) == 1
    assert one.parallel_tool_calls is False


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
    strictly_event(events[-1])
    enough = await client.responses.create(model="gpt-5", input="say Hi.", max_output_tokens=16)
    assert enough.status == "completed"


async def test_a_call_that_is_cut_off_is_incomplete(client: AsyncOpenAI) -> None:
    asked = 'call get_weather {"state":"CA"}; call get_weather {"state":"' + "x" * 100 + '"}'
    response = strictly(
        await client.responses.create(model="gpt-5", input=asked, tools=[TOOL], max_output_tokens=16)
    )
    calls: Any = response.output
    assert [call.status for call in calls] == ["completed", "incomplete"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"state":"CA","n":1}', "state='CA', n=1"),
        ('{"state":"\ud800"}', "state='\\ud800'"),
        ('{"text":"%s"}' % ("x" * 50), "text='" + "x" * 36 + "..."),
        ("[]", "..."),
        ('{"state":', "..."),
        (None, "..."),
    ],
)
def test_a_call_in_a_few_words_whatever_its_arguments(arguments: str | None, told: str) -> None:
    call = {"type": "function_call", "name": "look", "arguments": arguments}
    assert response_object.summarize({"output": ["?", call]}) == f"asks for look({told})"
    assert response_object.summarize({"output": None}) == "answers"
