"""The learner's agent as it is asked, and what the gateway recorded of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of

if TYPE_CHECKING:
    from workshop.lab.gateway_client import Exchange


async def probe_answer(module: ModuleType, question: str) -> str:
    """A probe: what the learner's ``agent`` answers."""
    from agents import Agent, Runner

    agent = need(module, "agent", Agent)
    return str((await Runner.run(agent, question)).final_output)


async def probe_answers(module: ModuleType, questions: list[str]) -> list[str]:
    """A probe: what the learner's ``agent`` answers to one question after the other, in one process."""
    return [await probe_answer(module, question) for question in questions]


async def probe_tools(module: ModuleType) -> list[dict[str, Any]]:
    """A probe: name, description and schema of each tool that the learner's ``agent`` has."""
    from agents import Agent, FunctionTool

    agent = need(module, "agent", Agent)
    found = []
    for tool in agent.tools:
        if not isinstance(tool, FunctionTool):
            raise NotYet(
                "tools made with function_tool",
                f"{describe(tool)} in the list of tools",
                place_of(module, tool),
            )
        found.append(
            {"name": tool.name, "description": tool.description.strip(), "schema": tool.params_json_schema}
        )
    return found


def calls_about(bench: Bench, question: str) -> list[Exchange]:
    """The model calls that were sent a question, word for word."""
    asked = json.dumps(question)[1:-1]
    return [call for call in bench.model_calls() if asked in json.dumps(call.request.get("input"))]


def decisions_of(calls: Sequence[Exchange]) -> list[list[tuple[str, str]]]:
    """For each completed model call, the tools it asked for: name and arguments (JSON); empty for an answer."""
    return [
        [
            (item["name"], item["arguments"])
            for item in (call.response or {}).get("output", [])
            if item["type"] == "function_call"
        ]
        for call in calls
        if call.status == "completed" and not isinstance(call.response, str)
    ]


def decisions_told(decisions: Sequence[Sequence[tuple[str, str]]]) -> str:
    """The decisions of a run in one line, as in "get_ip_address, get_location_info, then an answer"."""
    steps = [" and ".join(name for name, _ in turn) if turn else "an answer" for turn in decisions]
    return "The model decided: " + ", then ".join(steps) if steps else "The model was not asked"


def judge_ending(calls: Sequence[Exchange]) -> None:
    """A run must end with the model's answer, not with what a tool returned.

    Raises:
        NotYet: nobody asked the model again after its last decision for a tool.
    """
    decisions = decisions_of(calls)
    if decisions and decisions[-1]:
        names = " and ".join(name for name, _ in decisions[-1])
        raise NotYet(
            "the model to be told what a tool returned, and to answer",
            f"the run ended with what {names} returned: the model was not asked again",
            "the arguments of Agent(...): one of them, such as tool_use_behavior, ends the run after a tool",
        )


def judge_choice(choice: object) -> None:
    """See that the model may use a tool, and need not.

    Args:
        choice: The request's ``tool_choice``; None if it has none.

    Raises:
        NotYet: it is told what to use, or to use something.
    """
    if choice not in (None, "auto"):
        raise NotYet(
            "the model to choose its tools",
            f"the request forces a choice: tool_choice is {json.dumps(choice)}",
            "the argument model_settings of Agent(...)",
        )


def tool_outputs(calls: Sequence[Exchange]) -> list[str]:
    """What tools returned, as the last of these model calls was told."""
    items = calls[-1].request.get("input", []) if calls else []
    if not isinstance(items, list):
        return []
    return [str(item.get("output")) for item in items if item.get("type") == "function_call_output"]


def alerts_found(bench: Bench, area: str) -> list[str] | None:
    """The kinds of alert that the weather service last named for an area; None if it was not asked about it."""
    for exchange in reversed(bench.transcript()):
        path = str(exchange.request.get("path", ""))
        if (
            exchange.route == "weather"
            and path.endswith(f"/{area}")
            and isinstance(exchange.response, dict)
            and "features" in exchange.response
        ):
            return [feature["properties"]["event"] for feature in exchange.response["features"]]
    return None


def is_haiku(call: Exchange) -> bool:
    """Whether the practice model wrote a haiku: its rule says so, its prose is not read."""
    return (call.rule or "").startswith("haiku")
