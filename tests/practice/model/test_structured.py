"""Structured output: every property from tool outputs, the text, or a derivation."""

from __future__ import annotations

import json

import pytest

from tests.practice.model.rows import (
    ALERT_BLOCKS,
    BOOLEAN,
    COURSE,
    INTEGER,
    OPTIONAL,
    STRING,
    WEATHER,
    Row,
    called,
    out,
    refuses,
    said,
    schema,
    user,
)
from workshop.practice.model import PlanRequest, plan

SCI = {"type": "string", "enum": ["pass", "needs_improvement", "fail"]}
JUDGE = "You evaluate a story outline and decide if it's good enough. Never give it a pass on the first try."

ROWS = [
    Row(
        "an auditor's issues",
        "Sales rose in spring. Costs in Norway did not.",
        refuses("verified", "issues"),
        instructions="You audit a report for mistakes.",
        options={"text_format": schema(verified=BOOLEAN, issues=STRING)},
    ),
    Row(
        "judge, first try",
        [user("a story"), said("1. Opening ...")],
        refuses("score", "feedback"),
        instructions=JUDGE,
        options={"text_format": schema(feedback=STRING, score=SCI)},
    ),
    Row(
        "judge, second try",
        [user("a story"), said("1."), user("Feedback: more"), said("2.")],
        refuses("score", "feedback"),
        instructions=JUDGE,
        options={"text_format": schema(feedback=STRING, score=SCI)},
    ),
    Row(
        "an event",
        "Alice and Bob are going to a science fair on Friday.",
        refuses("name"),
        instructions="Extract the event information.",
        options={
            "text_format": schema(name=STRING, date=STRING, participants={"type": "array", "items": STRING})
        },
    ),
    Row(
        "from a tool's output",
        [user("Any alerts in California?"), *called("get_weather_alerts", {"state": "CA"}, ALERT_BLOCKS)],
        out(state="CA", count=2, has_alerts=True),
        COURSE,
        options={"text_format": schema(state=STRING, count=INTEGER, has_alerts=BOOLEAN, summary=STRING)},
    ),
    Row(
        "tools come before the structured answer",
        "What's the weather in Tokyo?",
        [("get_weather", {"city": "Tokyo"})],
        [WEATHER],
        options={"text_format": schema(city=STRING, conditions=STRING)},
    ),
    Row(
        "a search plan",
        "Query: Caribbean vacation spots in April",
        lambda d: (
            len(json.loads(d.text)["searches"]) == 5
            and all(
                "caribbean" in s["query"] or "vacation" in s["query"] for s in json.loads(d.text)["searches"]
            )
        ),
        instructions="Given a query, come up with a set of web searches. Output between 5 and 20 "
        "terms to query for.",
        options={
            "text_format": schema(
                searches={
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"reason": STRING, "query": STRING},
                        "required": ["reason", "query"],
                        "additionalProperties": False,
                    },
                }
            )
        },
    ),
    Row(
        "what is not known is not made up",
        "What's the capital of France?",
        refuses("response"),
        options={"text_format": schema(reasoning=STRING, response=STRING, user_name=OPTIONAL)},
    ),
    *(
        Row(
            f"a property named {name!r}",
            "'",
            refuses(name),
            options={"text_format": schema(**{name: STRING})},
        )
        for name in ("_", "-", "__", "", "name")
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()


def test_a_map_of_texts_is_not_filled_with_numbers_of_the_question() -> None:
    """As the SDK's sample of a non-strict output asks: its keys must be whole numbers, which no schema says."""
    jokes = {"type": "object", "additionalProperties": STRING}
    decision = plan(PlanRequest(items=[user("Tell me 3 short jokes.")], text_format=schema(jokes=jokes)))
    assert "jokes" in decision.refusal
