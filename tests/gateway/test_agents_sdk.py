"""The Agents SDK, unchanged, against the gateway and its real practice model."""

from __future__ import annotations

from typing import Any

import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel

from tests.gateway.gateway_servers import RunningGateway
from workshop.gateway import practice_mode
from workshop.practice.model import Decision, PlanRequest, ToolCall


@pytest.fixture
def model(client: AsyncOpenAI) -> Any:
    from agents import OpenAIResponsesModel, set_tracing_disabled

    set_tracing_disabled(True)
    return OpenAIResponsesModel("gpt-5", openai_client=client)


def summaries(gateway: RunningGateway, scope: str) -> list[str]:
    return [call["summary"] for call in gateway.calls(scope)]


def tools() -> list[Any]:
    from agents import function_tool

    @function_tool
    async def get_weather_alerts(state: str) -> str:
        """Get the active weather alerts for a US state.

        Args:
            state: Two-letter US state code, such as CA.
        """
        return f"High Wind Warning in {state}"

    @function_tool
    async def get_location_info(ipaddress: str) -> str:
        """Get the location of an IP address: city, state and country.

        Args:
            ipaddress: An IP address.
        """
        return "Denver, CO, United States"

    @function_tool
    async def get_ip_address() -> str:
        """Get the IP address of this machine."""
        return "203.0.113.42"

    return [get_weather_alerts, get_location_info, get_ip_address]


async def test_the_storys_question(gateway: RunningGateway, model: Any, scope: str) -> None:
    from agents import Agent, Runner

    agent = Agent(name="Helper", instructions="You are a helpful agent.", model=model, tools=tools())
    result = await Runner.run(agent, "Are there any weather alerts in California?")
    assert "High Wind Warning" in result.final_output
    assert summaries(gateway, scope) == ["asks for get_weather_alerts(state='CA')", "answers"]
    assert result.context_wrapper.usage.requests == 2
    assert result.context_wrapper.usage.input_tokens == gateway.meter(scope)["model"]["input_tokens"]


async def test_the_chain_of_three_tools(gateway: RunningGateway, model: Any, scope: str) -> None:
    from agents import Agent, Runner

    agent = Agent(name="Helper", instructions="You are a helpful agent.", model=model, tools=tools())
    result = await Runner.run(agent, "Are there any weather alerts where I am?")
    assert "High Wind Warning" in result.final_output
    assert summaries(gateway, scope) == [
        "asks for get_ip_address()",
        "asks for get_location_info(ipaddress='203.0.113.42')",
        "asks for get_weather_alerts(state='CO')",
        "answers",
    ]
    again = await Runner.run(agent, "Are there any weather alerts where I am?")
    assert again.final_output == result.final_output
    assert gateway.meter(scope)["model"]["repeats"] == 4


async def test_run_streamed(model: Any) -> None:
    from agents import Agent, Runner

    agent = Agent(name="Helper", instructions="You are a helpful agent.", model=model, tools=tools())
    question = "Are there any weather alerts in California?"
    streamed = Runner.run_streamed(agent, question)
    kinds = []
    text = ""
    async for event in streamed.stream_events():
        if event.type == "raw_response_event":
            kinds.append(event.data.type)
            if event.data.type == "response.output_text.delta":
                text += event.data.delta
    assert kinds.count("response.completed") == 2
    assert "response.function_call_arguments.delta" in kinds
    assert text == streamed.final_output
    assert streamed.final_output == (await Runner.run(agent, question)).final_output


async def test_previous_response_id(model: Any) -> None:
    from agents import Agent, Runner

    agent = Agent(name="Helper", instructions="You are a helpful agent.", model=model, tools=tools())
    first = await Runner.run(
        agent, "Are there any weather alerts in California?", auto_previous_response_id=True
    )
    assert "High Wind Warning" in first.final_output
    second = await Runner.run(agent, "And in Texas?", previous_response_id=first.last_response_id)
    assert "TX" in second.final_output


class Verdict(BaseModel):
    about_weather: bool
    reason: str


def guarded(request: PlanRequest) -> Decision:
    """What a model would do in the tests below; the practice model's own judgement is tested elsewhere."""
    names = [tool["name"] for tool in request.tools]
    if request.text_format is not None:
        told = "weather" in str(request.items[0]["content"])
        return Decision(rule="test", text=Verdict(about_weather=told, reason="because").model_dump_json())
    if "transfer_to_weather" in names:
        return Decision(rule="test", calls=[ToolCall("transfer_to_weather", {})])
    return Decision(rule="test", text=f"{request.instructions} speaks.")


async def test_handoffs(
    gateway: RunningGateway, model: Any, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents import Agent, Runner

    monkeypatch.setattr(practice_mode, "plan", guarded)
    weather = Agent(name="weather", instructions="Weather", model=model)
    triage = Agent(name="triage", instructions="Triage", model=model, handoffs=[weather])
    for run in (Runner.run, _streamed):
        result = await run(triage, "Will it rain?")
        assert (result.last_agent.name, result.final_output) == ("weather", "Weather speaks.")
    assert summaries(gateway, scope)[:2] == ["asks for transfer_to_weather()", "answers"]


async def _streamed(agent: Any, question: str) -> Any:
    from agents import Runner

    result = Runner.run_streamed(agent, question)
    async for _ in result.stream_events():
        pass
    return result


async def test_output_type_and_guardrail(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from agents import (
        Agent,
        GuardrailFunctionOutput,
        InputGuardrailTripwireTriggered,
        Runner,
        input_guardrail,
    )

    monkeypatch.setattr(practice_mode, "plan", guarded)
    judge = Agent(name="judge", instructions="Is it about the weather?", model=model, output_type=Verdict)
    verdict = (await Runner.run(judge, "Is the weather fine?")).final_output
    assert verdict == Verdict(about_weather=True, reason="because")

    @input_guardrail
    async def only_weather(context: Any, agent: Any, question: Any) -> GuardrailFunctionOutput:
        found = (await Runner.run(judge, question)).final_output
        return GuardrailFunctionOutput(output_info=found, tripwire_triggered=not found.about_weather)

    agent = Agent(name="guarded", instructions="I", model=model, input_guardrails=[only_weather])
    assert (await Runner.run(agent, "How is the weather?")).final_output == "I speaks."
    with pytest.raises(InputGuardrailTripwireTriggered):
        await Runner.run(agent, "Tell me a joke.")


@pytest.mark.parametrize("choice", ["required", "none", "get_ip_address"])
async def test_tool_choice_settings(gateway: RunningGateway, model: Any, scope: str, choice: str) -> None:
    from agents import Agent, ModelSettings, Runner

    settings = ModelSettings(tool_choice=choice, parallel_tool_calls=False, max_tokens=200, store=True)
    agent = Agent(name="Helper", instructions="Answer.", model=model, tools=tools(), model_settings=settings)
    await Runner.run(agent, "What is my IP address?")
    first = summaries(gateway, scope)[0]
    assert first == ("answers" if choice == "none" else "asks for get_ip_address()")
