"""A guardrail: a cheap judge refuses what is off the topic before the main agent is asked."""

from __future__ import annotations

import inspect
import json
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.program import need_program

if TYPE_CHECKING:
    from workshop.lab.gateway_client import Exchange

_SDK = "https://openai.github.io/openai-agents-python"


@exercise(
    proves="Questions off the topic were refused for the price of the judge's call; the main agent was never asked.",
    hints=(
        "The guardrail in the cell above returns a `GuardrailFunctionOutput`. Which of its fields decides?",
        f"`tripwire_triggered` is a bool; `final_output` of the judge's run is a `Topic`: {_SDK}/guardrails/",
        "@input_guardrail(run_in_parallel=False)\nasync def on_topic(context, agent, question):\n"
        "    result = await Runner.run(topic_judge, question)\n"
        "    return GuardrailFunctionOutput(output_info=..., tripwire_triggered=not result.final_output...)\n\n"
        "agent = weather_agent.clone(input_guardrails=[on_topic])",
    ),
    temporal=False,
)
async def guarded(bench: Bench) -> str:
    """Questions on the topic are answered; others are refused before the main agent makes a call."""
    need_program(bench)
    for question, wanted in (
        ("Are there any weather alerts in Nevada?", "answered"),
        ("Write me a poem about my cat.", "refused"),
        ("Where is the computer with the IP address 8.8.8.8?", "answered"),
        ("Who wrote the novel Dune?", "refused"),
    ):
        bench.reset_meter()
        ended = await bench.run(_probe_guarded, question)
        calls = bench.model_calls()
        judging = [call for call in calls if _wants_json(call)]
        main = [call for call in calls if not _wants_json(call)]
        if not any(question in json.dumps(call.request.get("input")) for call in judging):
            raise NotYet(
                "the guardrail to put the question to topic_judge",
                f"{len(judging)} calls of a judge, none with the question {question!r}",
                "`Runner.run(topic_judge, ...)` in the guardrail",
            )
        if ended["ended"] != wanted:
            raise NotYet(
                f"the question {question!r} to be {wanted}",
                f"it was {ended['ended']}",
                "tripwire_triggered: it is True for what is refused",
            )
        if wanted == "refused" and main:
            raise NotYet(
                "the guardrail to decide before the agent makes a call",
                f"the agent made {len(main)} while the guardrail was deciding",
                "run_in_parallel of the guardrail",
            )
        if wanted == "answered" and not (main and main[0].request.get("tools")):
            raise NotYet(
                "`agent` to be the weather agent, with its tools",
                "an agent without tools",
                "`agent = weather_agent.clone(...)`",
            )
    return ""


def _wants_json(call: Exchange) -> bool:
    """Whether a model call asks for structured output, as the judge does."""
    asked = (call.request.get("text") or {}).get("format") or {}
    return bool(asked.get("type") == "json_schema")


async def _probe_guarded(module: ModuleType, question: str) -> dict[str, str]:
    from agents import Agent, GuardrailFunctionOutput, InputGuardrail, InputGuardrailTripwireTriggered, Runner

    agent = need(module, "agent", Agent)
    if not agent.input_guardrails:
        raise NotYet(
            "an agent with a guardrail",
            "its input_guardrails are empty",
            "`agent = weather_agent.clone(input_guardrails=[...])`",
        )
    for guardrail in agent.input_guardrails:
        if not isinstance(guardrail, InputGuardrail):
            raise NotYet(
                "a guardrail made with @input_guardrail", describe(guardrail), place_of(module, guardrail)
            )
        _expect_outputs(module, guardrail, GuardrailFunctionOutput)
    try:
        await Runner.run(agent, question)
    except InputGuardrailTripwireTriggered:
        return {"ended": "refused"}
    return {"ended": "answered"}


def _expect_outputs(module: ModuleType, guardrail: Any, kind: type) -> None:
    """Say what a guardrail returned if it is of the wrong kind; the SDK would fail with an attribute error."""
    function = guardrail.guardrail_function

    async def checked(*arguments: Any, **named: Any) -> Any:
        output = function(*arguments, **named)
        if inspect.isawaitable(output):
            output = await output
        if not isinstance(output, kind):
            raise NotYet(
                f"a {kind.__name__} from the guardrail", describe(output), place_of(module, function)
            )
        return output

    guardrail.guardrail_function = checked
