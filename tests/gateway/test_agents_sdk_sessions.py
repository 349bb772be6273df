"""The Agents SDK's own sessions and conversations, unchanged, against the gateway and its real practice model."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import RunningGateway

IN_CALIFORNIA = "Are there any weather alerts in California?"


@pytest.fixture
def agent(client: AsyncOpenAI) -> Any:
    from agents import Agent, OpenAIResponsesModel, function_tool, set_tracing_disabled

    @function_tool
    async def get_weather_alerts(state: str) -> str:
        """Get the active weather alerts for a US state.

        Args:
            state: Two-letter US state code, such as CA.
        """
        return f"High Wind Warning in {state}"

    set_tracing_disabled(True)
    model = OpenAIResponsesModel("gpt-5", openai_client=client)
    return Agent(name="Helper", instructions="You help.", model=model, tools=[get_weather_alerts])


async def kinds(client: AsyncOpenAI, key: str) -> list[str]:
    return [item.type async for item in client.conversations.items.list(key, order="asc")]


ONE_TURN = ["message", "function_call", "function_call_output", "message"]


@pytest.mark.parametrize("streamed", [False, True])
async def test_conversation_id(client: AsyncOpenAI, agent: Any, streamed: bool) -> None:
    from agents import Runner

    async def ask(question: str) -> str:
        if not streamed:
            return str((await Runner.run(agent, question, conversation_id=key)).final_output)
        result = Runner.run_streamed(agent, question, conversation_id=key)
        async for _ in result.stream_events():
            pass
        return str(result.final_output)

    key = (await client.conversations.create()).id
    assert "in CA" in await ask(IN_CALIFORNIA)
    assert "in TX" in await ask("And in Texas?")
    assert await kinds(client, key) == ONE_TURN * 2


async def test_conversations_session(client: AsyncOpenAI, agent: Any) -> None:
    from agents import OpenAIConversationsSession, Runner

    session = OpenAIConversationsSession(openai_client=client)
    assert "in CA" in (await Runner.run(agent, IN_CALIFORNIA, session=session)).final_output
    assert "in TX" in (await Runner.run(agent, "And in Texas?", session=session)).final_output
    assert await kinds(client, session.session_id) == ONE_TURN * 2
    last: Any = await session.pop_item()
    assert last["role"] == "assistant"
    assert len(await session.get_items()) == 7
    assert len(await session.get_items(limit=3)) == 3
    await session.clear_session()
    assert await session.get_items() == []


@pytest.mark.parametrize("mode", ["auto", "input"])
async def test_compaction_session(
    gateway: RunningGateway, client: AsyncOpenAI, agent: Any, scope: str, mode: Any
) -> None:
    from agents import Runner, SQLiteSession
    from agents.memory import OpenAIResponsesCompactionSession

    inner = SQLiteSession("s")
    session = OpenAIResponsesCompactionSession("s", inner, client=client, compaction_mode=mode)
    places = ("California", "Texas", "Ohio", "Maine", "Utah")
    for number, state in enumerate(places):
        asked = f"Check {number}: are there any weather alerts in {state}?"
        assert "High Wind Warning" in (await Runner.run(agent, asked, session=session)).final_output
    done = [call["summary"] for call in gateway.calls(scope)]
    assert done.count("compacts the conversation") == 1
    assert [item.get("type") for item in await inner.get_items()].count("compaction") == 1
    assert "in WA" in (await Runner.run(agent, "And in Washington?", session=session)).final_output


async def test_a_provider_that_forgets(
    gateway: RunningGateway, client: AsyncOpenAI, agent: Any, scope: str
) -> None:
    from agents import Runner

    first = await Runner.run(agent, IN_CALIFORNIA, auto_previous_response_id=True)
    gateway.fault(scope, "model", "forget", calls=1)
    with pytest.raises(openai.BadRequestError) as caught:
        await Runner.run(agent, "And in Texas?", previous_response_id=first.last_response_id)
    assert (caught.value.code, caught.value.param) == (
        "previous_response_not_found",
        "previous_response_id",
    )
    key = (await client.conversations.create()).id
    await Runner.run(agent, IN_CALIFORNIA, conversation_id=key)
    gateway.fault(scope, "model", "forget", calls=1)
    with pytest.raises(openai.NotFoundError, match="Conversation with id"):
        await Runner.run(agent, "And in Texas?", conversation_id=key)
    assert gateway.calls(scope)[-1]["fault"] == "forget"
    # Whoever sends all of it needs nobody's memory.
    again = await Runner.run(agent, [*first.to_input_list(), {"role": "user", "content": "And in Texas?"}])
    assert "in TX" in again.final_output
