"""A limit on an agent's turns, and a sentence when they run out."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from workshop.checks.bench import Bench, NotYet, describe, need_function
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.program import need_program
from workshop.exercises.questions import CALIFORNIA, WHERE_I_AM

_SDK = "https://openai.github.io/openai-agents-python"


@exercise(
    proves="Three turns are the most that one question can cost, and whoever asks gets a sentence, not a traceback.",
    hints=(
        "Which exception did the cell above catch, and where did the number of turns stand?",
        f"`Runner.run(agent, question, max_turns=3)` raises `MaxTurnsExceeded`: {_SDK}/running_agents/",
        "try:\n    result = await Runner.run(agent, question, max_turns=3)\nexcept MaxTurnsExceeded:\n"
        '    return "..."\nreturn result.final_output',
    ),
    temporal=False,
)
async def limited(bench: Bench) -> str:
    """A question of two turns is answered; one of four stops after three, without an exception."""
    need_program(bench)
    answer = await bench.run(_probe_ask, CALIFORNIA)
    calls = bench.model_calls()
    if not calls:
        raise NotYet("a model call for each turn", "no model call at all", "the body of `ask`")
    said = _text(calls[-1].response)
    if answer["raised"]:
        raise NotYet("the answer about California", f"it raised {answer['raised']}", "the body of `ask`")
    _judge_text(answer)
    if said not in answer["value"] or len(calls) != 2:
        raise NotYet(
            "the agent's answer about California, which takes two turns",
            f"{answer['value']!r} after {_turns(calls)}",
            "max_turns, and what `ask` returns",
        )
    bench.reset_meter()
    stopped = await bench.run(_probe_ask, WHERE_I_AM)
    calls = bench.model_calls()
    if len(calls) != 3:
        raise NotYet("a question that needs four turns to stop after three", f"{_turns(calls)}", "max_turns")
    if stopped["raised"]:
        raise NotYet(
            "a sentence when three turns are not enough",
            f"it raised {stopped['raised']}",
            "the body of `ask`: what becomes of `MaxTurnsExceeded`?",
        )
    _judge_text(stopped)
    return f"When the turns run out, you say: {stopped['value']}"


def _judge_text(told: dict[str, Any]) -> None:
    if not isinstance(told["value"], str) or not told["value"].strip():
        raise NotYet(
            "a text from `ask`",
            f"{told['described']}",
            "each `return` of `ask`; for an answer: `.final_output`",
        )


async def _probe_ask(module: ModuleType, question: str) -> dict[str, Any]:
    from agents import AgentsException

    ask = need_function(module, "ask", is_async=True)
    try:
        value = await ask(question)
    except AgentsException as error:
        return {"raised": type(error).__name__, "value": None, "described": ""}
    return {
        "raised": None,
        "value": value if isinstance(value, str) else None,
        "described": describe(value),
    }


def _turns(calls: Sequence[Any]) -> str:
    return "1 turn" if len(calls) == 1 else f"{len(calls)} turns"


def _text(response: Any) -> str:
    """The text of a reply; empty if it asks for tools."""
    if not isinstance(response, dict):
        return ""
    parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
    return "".join(part.get("text", "") for part in parts)
