"""A guardrail: a cheap judge refuses what is off the topic before the main agent is asked."""

from __future__ import annotations

import contextvars
import inspect
from collections.abc import Collection
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.registry import exercise
from workshop.checks.suspects import catcher_in
from workshop.exercises.first_agent.asked import calls_about
from workshop.exercises.first_agent.program import need_program

if TYPE_CHECKING:
    from workshop.lab.gateway_client import Exchange

_SDK = "https://openai.github.io/openai-agents-python"

# What a question is about stands at its end, where a judge of its beginning does not see it.
_ON_TOPIC = (
    "Since I am thinking of leaving on Friday: are there any weather alerts in Washington?",
    "A friend of mine wants to know this: are there any weather alerts in Hawaii?",
)
_OFF_TOPIC = (
    "While I am waiting for the bus: who painted the Mona Lisa?",
    "Since it is late and I cannot sleep: tell me a joke about accountants.",
)


@exercise(
    proves="Off-topic questions were refused at the price of the judge's call; the main agent made no call.",
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
    """Questions on the topic are answered, others refused before the main agent is asked; a failing judge is told."""
    need_program(bench)
    questions = {
        "Are there any weather alerts in Nevada?": "answered",
        "Write me a poem about my cat.": "refused",
        "Where is the computer with the IP address 8.8.8.8?": "answered",
        bench.fresh.shuffled(_OFF_TOPIC)[0]: "refused",
        bench.fresh.shuffled(_ON_TOPIC)[0]: "answered",
    }
    ended = await bench.run(_probe_guarded, list(questions))
    for question, wanted in questions.items():
        _judge_question(bench, question, wanted, ended[question], questions)
    await _judge_outage(bench, "Are there any weather alerts in Nevada?")
    return ""


def _judge_question(bench: Bench, question: str, wanted: str, ended: str, questions: Collection[str]) -> None:
    calls = calls_about(bench, question)
    judging = [call for call in calls if _wants_json(call)]
    main = [call for call in calls if not _wants_json(call)]
    if not judging:
        asked = [call for call in bench.model_calls() if _wants_json(call)]
        judged = [other for other in questions if any(map(_wants_json, calls_about(bench, other)))]
        # More calls than that: it asks, but something else.
        if judged and len(asked) == len(judged):
            raise NotYet(
                "the guardrail to put each question to topic_judge",
                f"for {question!r} it asked nobody" + (", and the agent was asked at once" if main else ""),
                "the guardrail: what it does before `Runner.run(topic_judge, ...)`",
            )
        raise NotYet(
            "the guardrail to put the question to topic_judge",
            f"{'1 call' if len(asked) == 1 else f'{len(asked)} calls'} of a judge, "
            f"none with the whole question {question!r}",
            "`Runner.run(topic_judge, ...)` in the guardrail",
        )
    if ended != wanted:
        raise NotYet(
            f"the question {question!r} to be {wanted}",
            f"it was {ended}; the judge had answered {_verdict(judging[-1])}",
            "tripwire_triggered: it is True for what is refused, and a field of the Topic decides",
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


async def _judge_outage(bench: Bench, question: str) -> None:
    """The judge's call fails: then nobody knows whether the question is on topic, and the error says so."""
    bench.reset_meter()
    with bench.fault("model", "status", status=403, calls=1):
        ended = (await bench.run(_probe_guarded, [question]))[question]
    let_in = any(not _wants_json(call) for call in bench.model_calls() if call.status == "completed")
    if ended.startswith("raised") and not let_in:
        return
    what = "the question was let in" if let_in else "the question was refused as off topic"
    raise NotYet(
        "the error to be raised when the judge fails: here the model answered it with 403",
        f"the guardrail hid it, and {what}",
        f"{await bench.run(_probe_catcher) or 'the body of the guardrail'}: let the judge's error out",
    )


async def _probe_catcher(module: ModuleType) -> str:
    """Which line of the guardrails keeps the judge's error."""
    from openai import PermissionDeniedError

    found = [
        catcher_in(one.guardrail_function, PermissionDeniedError) for one in module.agent.input_guardrails
    ]
    return "".join(found[:1])


def _verdict(call: Exchange) -> str:
    """What a judge has answered, as it was sent."""
    output = call.response.get("output", []) if isinstance(call.response, dict) else []
    texts = [part.get("text", "") for item in output for part in item.get("content") or []]
    return "".join(texts) or "nothing"


def _wants_json(call: Exchange) -> bool:
    """Whether a model call asks for structured output, as the judge does."""
    asked = (call.request.get("text") or {}).get("format") or {}
    return bool(asked.get("type") == "json_schema")


_guarding: contextvars.ContextVar[str] = contextvars.ContextVar("guarding", default="")
"""Where the guardrail stands that is running; empty outside of one."""


async def _probe_guarded(module: ModuleType, questions: list[str]) -> dict[str, str]:
    """How each question ends: answered, refused, or with which error."""
    from agents import Agent, GuardrailFunctionOutput, InputGuardrail, InputGuardrailTripwireTriggered, Runner
    from openai import OpenAIError

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
        _watch(module, guardrail, GuardrailFunctionOutput)
    _need_own_agent(module, agent)
    Runner.run = _watched(Runner.run)  # type: ignore[method-assign]
    ended = {}
    for question in questions:
        try:
            await Runner.run(agent, question)
            ended[question] = "answered"
        except InputGuardrailTripwireTriggered:
            ended[question] = "refused"
        except OpenAIError as error:
            ended[question] = f"raised {type(error).__name__}"
    return ended


def _need_own_agent(module: ModuleType, agent: Any) -> None:
    from importlib import import_module

    imported = import_module("my.first_agent.agent").agent
    if imported is agent or imported.input_guardrails:
        raise NotYet(
            "a copy of the weather agent that has the guardrail",
            "the imported agent itself was changed: whoever else imports it now has your guardrail",
            f"{place_of(module)}: `weather_agent.clone(...)` makes a copy",
        )


def _watch(module: ModuleType, guardrail: Any, kind: type) -> None:
    """Say what a guardrail returned if it is of the wrong kind; the SDK would fail with an attribute error."""
    function = guardrail.guardrail_function

    async def checked(*arguments: Any, **named: Any) -> Any:
        _guarding.set(place_of(module, function))
        output = function(*arguments, **named)
        if inspect.isawaitable(output):
            output = await output
        _guarding.set("")
        if not isinstance(output, kind):
            raise NotYet(
                f"a {kind.__name__} from the guardrail", describe(output), place_of(module, function)
            )
        return output

    guardrail.guardrail_function = checked


def _watched(run: Any) -> Any:
    """`Runner.run`, which refuses the main agent inside a guardrail: its own guardrail would run again, for ever."""

    async def watched(starting_agent: Any, *arguments: Any, **named: Any) -> Any:
        if (place := _guarding.get()) and starting_agent.tools:
            raise NotYet(
                "a guardrail that asks topic_judge, and nobody else",
                f"it runs {starting_agent.name!r}, the agent that it is to guard",
                place,
            )
        return await run(starting_agent, *arguments, **named)

    return watched
