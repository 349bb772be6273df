"""The table of rules: what tool_choice demands, and what holds for every request."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.practice.model.rows import (
    COURSE,
    EMAIL,
    MANY,
    MULTIPLY,
    OTHERWISE_HAIKU,
    RANDOM,
    TIME,
    TRANSLATORS,
    WEATHER,
    WHERE,
    Row,
    called,
    says,
    silent,
    tool,
    user,
)
from workshop.practice.model import Decision, PlanRequest, plan
from workshop.practice.model.rules import RULES, prose_json

ROWS = [
    Row(
        "none",
        "What's the weather in Tokyo?",
        silent,
        [WEATHER],
        options={"tool_choice": "none"},
    ),
    Row(
        "required, with nothing to call it with",
        "Hello there",
        says("tool_choice requires a call", rule="required_tool"),
        [WEATHER],
        options={"tool_choice": "required"},
    ),
    Row(
        "required, and grounded",
        "Tokyo, please: I want to plan for it.",
        [("get_weather", {"city": "Tokyo"})],
        [WEATHER],
        options={"tool_choice": "required"},
    ),
    Row(
        "JSON asked for in prose",
        "Who won?",
        says(r'^\{"answer": "I cannot answer', '"score": null', rule="admit"),
        instructions='Reply with JSON: {"answer": "...", "score": 0}',
    ),
    Row(
        "named",
        "What's the weather in Tokyo?",
        [("get_time", {"city": "Tokyo"})],
        [WEATHER, TIME],
        options={"tool_choice": {"type": "function", "name": "get_time"}},
    ),
    Row(
        "named, with nothing to fill it",
        "Hello",
        says("state", "tool_choice", rule="named_tool"),
        COURSE,
        options={"tool_choice": {"type": "function", "name": "get_weather_alerts"}},
    ),
    Row(
        "search when nothing else fits",
        "Who won the world cup in 1998?",
        [("web_search", {"query": "Who won the world cup in 1998"})],
        [tool("web_search", "Search the web for information", query=""), WEATHER],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()


@cache
def all_rows() -> list[Row]:
    """The rows of every table beside this one."""
    found: list[Row] = []
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("test_"):
            found += getattr(importlib.import_module(f"{__package__}.{module.name}"), "ROWS", [])
    return found


@cache
def decisions() -> list[Decision]:
    return [plan(row.request) for row in all_rows()]


def test_every_row_has_a_name_of_its_own() -> None:
    names = [row.name for row in all_rows()]
    assert len(set(names)) == len(names) >= 200


def test_every_rule_is_documented_and_decides_some_row() -> None:
    deciding = {decision.rule for decision in decisions()}
    for rule in RULES:
        assert rule.__doc__, rule
        assert rule in (prose_json,) or rule.__name__ in deciding, rule


def test_an_agent_loop_always_ends() -> None:
    """Whatever the tools return, a run of tool calls comes to an answer."""
    outputs = [
        "",
        "ok",
        "42",
        "Error: no",
        '{"error": "bad"}',
        '{"id": 7, "city": "Rome", "state": "CA"}',
        "[]",
        "San Francisco, California",
    ]
    questions = [
        WHERE,
        "weather in Paris and the time in Tokyo",
        "What is the balance of customer bob@example.com?",
        "Add 2 and 3, then multiply it by 4",
        "delete the warehouse 12 and the coupon 9",
        "Translate 'hi' to French and Spanish",
        "look up order 3 and email it to a@b.co",
    ]
    tools = [*COURSE, WEATHER, TIME, EMAIL, *TRANSLATORS, *MULTIPLY, RANDOM, *MANY]
    for question in questions:
        for output in outputs:
            for parallel in (True, False):
                items: list[dict[str, Any]] = [user(question)]
                for turn in range(12):
                    decision = plan(
                        PlanRequest(
                            instructions=OTHERWISE_HAIKU,
                            items=items,
                            tools=tools,
                            parallel_tool_calls=parallel,
                        )
                    )
                    if not decision.calls:
                        break
                    assert parallel or len(decision.calls) == 1
                    seen = {(i["name"], i["arguments"]) for i in items if i.get("type") == "function_call"}
                    for index, call in enumerate(decision.calls):
                        assert (call.name, json.dumps(call.arguments)) not in seen, (question, output)
                        items += called(call.name, call.arguments, output, f"c{turn}-{index}")
                else:
                    pytest.fail(f"no end: {question!r} with {output!r}")


def test_the_same_request_gets_the_same_decision_in_every_process() -> None:
    """Nothing depends on the order of a set, on the clock or on the process."""
    script = (
        "import json, sys; from workshop.practice.model import PlanRequest, plan\n"
        "json.dump([str(plan(PlanRequest(**each))) for each in json.load(sys.stdin)], sys.stdout)"
    )
    requests = [asdict(row.request) for row in all_rows()]
    # This process has an order of its own; a second one needs only another.
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "77" else "77"
    other = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(requests),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert other.returncode == 0, other.stderr
    assert json.loads(other.stdout) == [str(decision) for decision in decisions()]
