"""A limit on an agent's turns, and a sentence when they run out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from types import ModuleType
from typing import Any, NoReturn

from workshop.checks.bench import Bench, NotYet, describe, need_function
from workshop.checks.registry import exercise
from workshop.checks.suspects import catcher_in
from workshop.exercises.first_agent.asked import calls_about
from workshop.exercises.first_agent.program import need_program
from workshop.exercises.questions import CALIFORNIA, WHERE_I_AM
from workshop.exercises.turn_limit import judge_own_words, note_turn_limits

_SDK = "https://openai.github.io/openai-agents-python"

_STATES = ("Texas", "Florida", "Washington", "Hawaii", "Nevada")
_LONG = (
    "Which weather alerts are there at my location?",
    "What weather alerts are active where I am right now?",
    "Is there a weather alert here, where I am?",
)


@exercise(
    proves="One question costs three turns at most, and whoever asks gets a sentence, not a traceback.",
    hints=(
        "Which exception did the cell above catch, and where was the number of turns set?",
        f"`Runner.run(agent, question, max_turns=3)` raises `MaxTurnsExceeded`: {_SDK}/running_agents/",
        "try:\n    result = await Runner.run(agent, question, max_turns=3)\nexcept MaxTurnsExceeded:\n"
        '    return "..."\nreturn result.final_output',
    ),
    temporal=False,
)
async def limited(bench: Bench) -> str:
    """Questions of two turns are answered, those of four stop after three; no other trouble is taken for that."""
    need_program(bench)
    short = [CALIFORNIA, f"Are there any weather alerts in {bench.fresh.shuffled(_STATES)[0]}?"]
    long = [WHERE_I_AM, bench.fresh.shuffled(_LONG)[0]]
    told = await bench.run(_probe_ask, short + long)
    for question in short:
        _judge_short(bench, question, told[question])
    for question in long:
        calls = calls_about(bench, question)
        if len(calls) != 3:
            raise NotYet(
                f"{question!r}, which needs four turns, to stop after three",
                _turns(calls) if calls else "the model was not asked",
                "max_turns" if calls else "the body of `ask`",
            )
        if told[question]["raised"]:
            raise NotYet(
                "a sentence when three turns are not enough",
                f"it raised {told[question]['raised']}",
                "the body of `ask`: how does it handle `MaxTurnsExceeded`?",
            )
        _judge_text(told[question])
        look = "what `ask` returns for `MaxTurnsExceeded`"
        judge_own_words(told[question]["value"], told[question]["messages"], look)
    bench.reset_meter()
    with bench.fault("model", "status", status=403):
        refused = (await bench.run(_probe_ask, [CALIFORNIA]))[CALIFORNIA]
    if not refused["raised"]:
        raise NotYet(
            "any other error to be raised: here the model answered 403, in the first turn",
            f"`ask` returned {refused['described']}",
            f"{refused['catcher'] or 'the `except` of `ask`'}: catch only MaxTurnsExceeded",
        )
    await bench.run(_probe_other_trouble, CALIFORNIA)
    return f"When the turns run out, you say: {told[WHERE_I_AM]['value']}"


def _judge_short(bench: Bench, question: str, told: dict[str, Any]) -> None:
    calls = calls_about(bench, question)
    if told["raised"]:
        raise NotYet(f"the answer to {question!r}", f"it raised {told['raised']}", "the body of `ask`")
    _judge_text(told)
    if not calls:
        asked = "no model call at all" if not bench.model_calls() else "the model was asked something else"
        raise NotYet(f"the model to be asked {question!r}", asked, "the body of `ask`")
    if _text(calls[-1].response) not in told["value"] or len(calls) != 2:
        raise NotYet(
            f"the agent's answer to {question!r}, which takes two turns",
            f"{told['value']!r} after {_turns(calls)}",
            "max_turns, and what `ask` returns",
        )


def _judge_text(told: dict[str, Any]) -> None:
    if not isinstance(told["value"], str) or not told["value"].strip():
        raise NotYet(
            "a string from `ask`",
            f"{told['described']}",
            "each `return` of `ask`; for an answer: `.final_output`",
        )


async def _probe_ask(module: ModuleType, questions: list[str]) -> dict[str, dict[str, Any]]:
    from agents import AgentsException
    from openai import OpenAIError, PermissionDeniedError

    messages = note_turn_limits()
    ask = need_function(module, "ask", is_async=True)
    told: dict[str, dict[str, Any]] = {}
    for question in questions:
        raised, value = "", None
        messages.clear()
        try:
            value = await ask(question)
        except (AgentsException, OpenAIError) as error:
            raised = type(error).__name__
        told[question] = {
            "raised": raised,
            "value": value if isinstance(value, str) else None,
            "described": describe(value),
            "messages": list(messages),
            "catcher": catcher_in(ask, PermissionDeniedError),
        }
    return told


async def _probe_other_trouble(module: ModuleType, question: str) -> None:
    """A reply that cannot be read is an error that goes through; one that takes an hour is waited for."""
    from agents import ModelBehaviorError
    from agents.models.openai_responses import OpenAIResponsesModel

    catcher = catcher_in(module.ask, ModelBehaviorError) or "the `except` of `ask`"
    place = f"{catcher}: catch only MaxTurnsExceeded"
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    unreadable = True

    async def reply(*_: Any, **__: Any) -> NoReturn:
        asked.set()
        if not unreadable:
            await asyncio.Event().wait()
        raise ModelBehaviorError("the model's reply cannot be read")

    async def streamed(*_: Any, **__: Any) -> AsyncIterator[Any]:
        await reply()
        yield

    OpenAIResponsesModel.get_response = reply  # type: ignore[method-assign]
    OpenAIResponsesModel.stream_response = streamed  # type: ignore[method-assign]
    with contextlib.suppress(ModelBehaviorError):
        value = await module.ask(question)
        if asked.is_set():
            raise NotYet(
                "any other error to go through: here the SDK's ModelBehaviorError, in the first turn",
                f"`ask` returned {describe(value)}",
                place,
            )
    unreadable = False
    asked.clear()
    asking = asyncio.ensure_future(module.ask(question))
    await asyncio.wait([asking, waited := asyncio.ensure_future(asked.wait())], return_when="FIRST_COMPLETED")
    now = loop.time
    # An hour passes at once: every timeout on the loop is over.
    loop.time = lambda: now() + 3600  # type: ignore[method-assign]
    done, _ = await asyncio.wait([asking], timeout=0.2)
    loop.time = now  # type: ignore[method-assign]
    for task in (asking, waited):
        task.cancel()
    if asked.is_set() and done and not asking.cancelled() and not asking.exception():
        raise NotYet(
            "no other limit than three turns: here the model thinks for an hour in the first",
            f"`ask` gave up before and returned {describe(asking.result())}",
            "the body of `ask`: what ends the wait, and which error is caught",
        )


def _turns(calls: Sequence[Any]) -> str:
    return "1 turn" if len(calls) == 1 else f"{len(calls)} turns"


def _text(response: Any) -> str:
    """The text of a reply; empty if it asks for tools."""
    if not isinstance(response, dict):
        return ""
    parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
    return "".join(part.get("text", "") for part in parts)
