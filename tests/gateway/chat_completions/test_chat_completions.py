"""Chat completions of both providers, with the real client and the Agents SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel

from tests.gateway.chat_completions.test_chat_request import chat_tool
from tests.gateway.gateway_servers import RunningGateway, openai_client
from workshop.gateway import practice_mode
from workshop.practice.model import Decision, PlanRequest
from workshop.settings import OTHER_KEY

CALLS = 'call get_weather {"state":"CA"}; call get_weather {"state":"TX"}'


@pytest.fixture
async def other(gateway: RunningGateway, scope: str) -> AsyncIterator[AsyncOpenAI]:
    async with openai_client(f"{gateway.url}/s/{scope}/other/v1", OTHER_KEY) as made:
        yield made


async def ask(client: AsyncOpenAI, text: str, **more: Any) -> ChatCompletion:
    told = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": text}], **more
    )
    return ChatCompletion.model_validate(told.to_dict(), strict=True)


async def chunks(client: AsyncOpenAI, text: str, **more: Any) -> list[ChatCompletionChunk]:
    stream: Any = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": text}], stream=True, **more
    )
    return [ChatCompletionChunk.model_validate(chunk.to_dict(), strict=True) async for chunk in stream]


@pytest.mark.usefixtures("scripted_planner")
class TestTheProtocol:
    async def test_an_answer(self, client: AsyncOpenAI) -> None:
        told = await ask(client, "say Good evening to you.")
        choice = told.choices[0]
        assert (choice.message.content, choice.finish_reason) == ("Good evening to you.", "stop")
        assert told.usage is not None
        assert told.usage.total_tokens == told.usage.prompt_tokens + told.usage.completion_tokens > 0

    async def test_calls(self, client: AsyncOpenAI) -> None:
        choice = (await ask(client, CALLS, tools=[chat_tool()])).choices[0]
        assert (choice.message.content, choice.finish_reason) == (None, "tool_calls")
        assert choice.message.tool_calls is not None
        found = [(call.type, getattr(call, "function", None)) for call in choice.message.tool_calls]
        assert [(kind, f.name, f.arguments) for kind, f in found if f] == [
            ("function", "get_weather", '{"state":"CA"}'),
            ("function", "get_weather", '{"state":"TX"}'),
        ]

    async def test_a_limit(self, client: AsyncOpenAI) -> None:
        choice = (await ask(client, "say Good evening to you.", max_tokens=1)).choices[0]
        assert (choice.message.content, choice.finish_reason) == ("Good", "length")

    @pytest.mark.parametrize("text", ["say Good evening to you.", CALLS])
    async def test_a_stream_says_the_same(self, client: AsyncOpenAI, text: str) -> None:
        whole = await ask(client, text, tools=[chat_tool()])
        message = whole.choices[0].message
        found = await chunks(client, text, tools=[chat_tool()], stream_options={"include_usage": True})
        assert [chunk.id for chunk in found] == [whole.id] * len(found)
        assert [len(chunk.choices) for chunk in found] == [1] * (len(found) - 1) + [0]
        assert [chunk.usage for chunk in found] == [None] * (len(found) - 1) + [whole.usage]
        deltas = [chunk.choices[0].delta for chunk in found[:-1]]
        assert deltas[0].role == "assistant"
        assert "".join(delta.content or "" for delta in deltas) == (message.content or "")
        arguments: dict[int, str] = {}
        for piece in (piece for delta in deltas for piece in delta.tool_calls or ()):
            assert piece.function is not None
            arguments[piece.index] = arguments.get(piece.index, "") + (piece.function.arguments or "")
        told = [getattr(call, "function", None) for call in message.tool_calls or ()]
        assert list(arguments.values()) == [function.arguments for function in told if function]
        assert found[-2].choices[0].finish_reason == whole.choices[0].finish_reason
        assert all(chunk.usage is None for chunk in await chunks(client, "say Hi"))

    async def test_errors_come_in_the_apis_form(self, client: AsyncOpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as caught:
            await ask(client, "say Hi", n=2)
        assert (caught.value.param, caught.value.code) == ("n", "unsupported_parameter")
        with pytest.raises(openai.BadRequestError, match="only allowed when 'stream' is enabled"):
            await ask(client, "say Hi", stream_options={"include_usage": True})

    async def test_a_stream_can_have_a_pace(
        self, gateway: RunningGateway, client: AsyncOpenAI, scope: str
    ) -> None:
        fault = gateway.fault(scope, "model", "pace", delay=60)
        reading = asyncio.create_task(chunks(client, "say Good evening"))
        await asyncio.to_thread(gateway.control, scope, "GET", f"faults/{fault}?hits=1&timeout=5")
        assert not reading.done()
        gateway.control(scope, "DELETE", f"faults/{fault}")
        assert len(await asyncio.wait_for(reading, 5)) == 4


@pytest.mark.usefixtures("scripted_planner")
class TestTheOtherProvider:
    async def test_it_is_another_in_the_meter(
        self, gateway: RunningGateway, client: AsyncOpenAI, other: AsyncOpenAI, scope: str
    ) -> None:
        assert (await ask(client, "say Hi")).model == "practice-model"
        assert (await ask(other, "say Hi")).model == "other-model"
        assert (await ask(other, "say Bye")).choices[0].message.content == "Bye"
        told = gateway.meter(scope)
        assert [told[name]["completed"] for name in ("model", "other")] == [1, 2]
        assert [told[name]["repeats"] for name in ("model", "other")] == [0, 0]
        assert [call["route"] for call in told["calls"]] == ["model", "other", "other"]

    async def test_one_can_fail_while_the_other_answers(
        self, gateway: RunningGateway, client: AsyncOpenAI, other: AsyncOpenAI, scope: str
    ) -> None:
        gateway.fault(scope, "model", "status", status=503)
        with pytest.raises(openai.InternalServerError):
            await client.responses.create(model="m", input="say Hi")
        assert (await ask(other, "say Hi")).choices[0].message.content == "Hi"
        gateway.control(scope, "DELETE", "faults")
        gateway.fault(scope, "other", "rate_limit")
        with pytest.raises(openai.RateLimitError):
            await ask(other, "say Hi")
        assert (await client.responses.create(model="m", input="say Hi")).output_text == "Hi"

    async def test_it_takes_its_own_key_only(
        self, gateway: RunningGateway, other: AsyncOpenAI, scope: str
    ) -> None:
        assert [model.id async for model in other.models.list()] == ["other-model"]
        async with openai_client(f"{gateway.url}/s/{scope}/other/v1", gateway.token) as wrong:
            with pytest.raises(openai.AuthenticationError, match="OTHER_API_KEY"):
                await ask(wrong, "say Hi")
            with pytest.raises(openai.AuthenticationError):
                await wrong.models.list()
        assert gateway.meter(scope)["other"]["failed"] == 1

    async def test_it_has_no_responses_api(self, other: AsyncOpenAI) -> None:
        with pytest.raises(openai.NotFoundError, match="chat completions only"):
            await other.responses.create(model="m", input="say Hi")

    async def test_it_answers_in_live_mode_too(
        self, gateway: RunningGateway, other: AsyncOpenAI, scope: str
    ) -> None:
        gateway.control(scope, "PUT", "mode", {"mode": "live"})
        assert (await ask(other, "say Hi")).choices[0].message.content == "Hi"


class Verdict(BaseModel):
    about_weather: bool


class TestTheAgentsSdk:
    @pytest.fixture
    def model(self, other: AsyncOpenAI) -> Any:
        from agents import OpenAIChatCompletionsModel, set_tracing_disabled

        set_tracing_disabled(True)
        return OpenAIChatCompletionsModel("other-model", openai_client=other)

    @pytest.fixture
    def agent(self, model: Any) -> Any:
        from agents import Agent, function_tool

        @function_tool
        async def get_weather_alerts(state: str) -> str:
            """Get the active weather alerts for a US state.

            Args:
                state: Two-letter US state code, such as CA.
            """
            return f"High Wind Warning in {state}"

        return Agent(name="Helper", instructions="You help.", model=model, tools=[get_weather_alerts])

    async def test_it_says_what_it_says_over_the_responses_api(
        self, gateway: RunningGateway, client: AsyncOpenAI, agent: Any, scope: str
    ) -> None:
        from agents import OpenAIResponsesModel, Runner

        question = "Are there any weather alerts in California?"
        chat = await Runner.run(agent, question)
        responses = OpenAIResponsesModel("m", openai_client=client)
        assert chat.final_output == (await Runner.run(agent.clone(model=responses), question)).final_output
        assert "High Wind Warning" in chat.final_output
        summaries = [call["summary"] for call in gateway.calls(scope)]
        assert summaries == ["asks for get_weather_alerts(state='CA')", "answers"] * 2
        used = chat.context_wrapper.usage
        assert (used.requests, used.input_tokens) == (2, gateway.meter(scope)["other"]["input_tokens"])
        again = await Runner.run(agent, [*chat.to_input_list(), {"role": "user", "content": "And in Texas?"}])
        assert "in TX" in again.final_output

    async def test_streamed(self, agent: Any) -> None:
        from agents import ModelSettings, Runner

        agent.model_settings = ModelSettings(include_usage=True)
        result = Runner.run_streamed(agent, "Are there any weather alerts in California?")
        text = ""
        async for event in result.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                text += event.data.delta
        assert text == result.final_output
        assert "High Wind Warning" in text
        assert result.context_wrapper.usage.input_tokens > 0

    async def test_output_type_and_refusal(self, model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        from agents import Agent, ModelRefusalError, Runner

        def plan(request: PlanRequest) -> Decision:
            assert request.text_format is not None
            return Decision(rule="test", text='{"about_weather":true}')

        monkeypatch.setattr(practice_mode, "plan", plan)
        judge = Agent(name="Judge", instructions="Judge.", model=model, output_type=Verdict)
        assert (await Runner.run(judge, "Will it rain?")).final_output == Verdict(about_weather=True)

        refused = Decision(rule="test", refusal="Nothing says how high it is.")
        monkeypatch.setattr(practice_mode, "plan", lambda request: refused)
        with pytest.raises(ModelRefusalError, match="Nothing says how high it is"):
            await Runner.run(judge, "How high is it?")
