"""A streamed reply: every event, in order, as the real client takes it."""

from __future__ import annotations

from typing import Any

import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import strictly_event
from tests.gateway.request_bodies import tool
from workshop.gateway import practice_mode
from workshop.practice.model import Decision

pytestmark = pytest.mark.usefixtures("scripted_planner")

TOOL: Any = tool()


async def test_a_streamed_reply_has_the_full_sequence_of_events(client: AsyncOpenAI) -> None:
    stream = await client.responses.create(model="gpt-5", input="say One two three.", stream=True)
    events = [event async for event in stream]
    for number, event in enumerate(events):
        strictly_event(event)
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
        strictly_event(event)
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


async def test_a_streamed_refusal(client: AsyncOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Decision(rule="test", refusal="Nothing says so.")
    monkeypatch.setattr(practice_mode, "plan", lambda request: refused)
    stream = await client.responses.create(model="gpt-5", input="How high is it?", stream=True)
    events: list[Any] = [event async for event in stream]
    for event in events:
        strictly_event(event)
    deltas = [event.delta for event in events if event.type == "response.refusal.delta"]
    assert deltas == ["Nothing", " says", " so."]
    part = events[-1].response.output[0].content[0]
    assert (part.type, part.refusal) == ("refusal", "Nothing says so.")


async def test_the_clients_own_stream_helper_works(client: AsyncOpenAI) -> None:
    async with client.responses.stream(model="gpt-5", input="say One two.") as stream:
        kinds = {event.type async for event in stream}
        final = await stream.get_final_response()
    assert "response.output_text.delta" in kinds
    assert final.output_text == "One two."
