"""Writing and judging by rule: notices, questions asked back, searches, a report."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.practice.model.rows import BOOLEAN, STRING, Row, admits, out, output
from workshop.practice.model import Decision

TRIAGE = (
    "Decide whether the question can be researched as it stands. If it is too vague, ask one question back."
)
JUDGE = "Judge the notice. It passes if it has at most 20 words and names the state."
LONG = " ".join(f"Sentence number {n} is about lighthouses." for n in range(1, 30))
TEXAS = """There are 3 weather alerts for Texas (TX):
- Flood Watch (Severe): Inland Harris; Coastal Harris; Inland Brazoria
- Wind Advisory (Moderate): Guadalupe Mountains of Culberson County; Midland
- Dense Fog Advisory (Minor): Inland Kleberg; Coastal Nueces"""
BRIEF = "There are 3 weather alerts for Texas (TX): Flood Watch, Wind Advisory, Dense Fog Advisory."
NOTES = """Question: How do lighthouses and tides help ships?

Notes on lighthouses:
A lighthouse shows ships where the coast is.

Notes on tides:
The search failed: the library answered 500."""
VERDICT = output(passed=BOOLEAN, feedback=STRING)
SCORE = output(score={"type": "string", "enum": ["pass", "needs_improvement"]}, feedback=STRING)
CLEAR = output(clear=BOOLEAN, question=STRING)
SEARCH = {
    "type": "object",
    "properties": {"query": STRING, "reason": STRING},
    "required": ["query", "reason"],
}
PLAN = output(searches={"type": "array", "items": SEARCH})


def searches_for(*queries: str) -> Callable[[Decision], bool]:
    return lambda decision: [one["query"] for one in json.loads(decision.text)["searches"]] == list(queries)


ROWS = [
    Row("a summary is a language model's work", LONG, admits, instructions="Summarize the text."),
    Row(
        "a judge counts",
        TEXAS,
        out(passed=False, feedback="It has 34 words: write at most 20 words."),
        instructions=JUDGE,
        options=VERDICT,
    ),
    Row(
        "a judge looks for the state",
        "There are 3 weather alerts.",
        out(passed=False, feedback="It must name the state."),
        instructions=JUDGE,
        options=VERDICT,
    ),
    Row(
        "a judge lets pass",
        BRIEF,
        lambda d: json.loads(d.text)["passed"] is True,
        instructions=JUDGE,
        options=VERDICT,
    ),
    Row("a judge with grades", TEXAS, out(score="needs_improvement"), instructions=JUDGE, options=SCORE),
    Row("a judge with grades lets pass", BRIEF, out(score="pass"), instructions=JUDGE, options=SCORE),
    Row(
        "a judge looks for a word",
        BRIEF,
        out(passed=False, feedback='It must mention "caution".'),
        instructions='It passes if it mentions "caution".',
        options=VERDICT,
    ),
    Row(
        "a first notice holds everything",
        TEXAS,
        lambda d: "Guadalupe" in d.text and len(d.text.split()) > 20,
        instructions="Write a notice of these alerts.",
    ),
    Row(
        "a writer obeys feedback",
        f"{TEXAS}\n\nYour draft: Long, long.\n\nFeedback: It has 31 words: write at most 20 words.",
        lambda d: d.text == BRIEF,
        instructions="Write a notice of these alerts. Obey the feedback if there is any.",
    ),
    Row(
        "a writer keeps to its own limit",
        TEXAS,
        lambda d: d.text == BRIEF,
        instructions="Shorten the text to a notice of at most 20 words.",
    ),
    Row(
        "a bulletin, one line each",
        f"{TEXAS}\n\n{TEXAS.replace('Texas (TX)', 'Ohio (OH)')}",
        lambda d: d.text == f"{BRIEF}\n{BRIEF.replace('Texas (TX)', 'Ohio (OH)')}",
        instructions="Write a bulletin: one line for each state.",
    ),
    Row(
        "a vague question",
        "Write about water",
        out(clear=False, question="What matters most to you about water?"),
        instructions=TRIAGE,
        options=CLEAR,
    ),
    Row(
        "nothing named",
        "Tell me about it",
        out(question="What matters most to you about it?"),
        instructions=TRIAGE,
        options=CLEAR,
    ),
    Row(
        "a clear question",
        "How do lighthouses and tides help ships?",
        out(clear=True, question=""),
        instructions=TRIAGE,
        options=CLEAR,
    ),
    Row(
        "a question made clear",
        "Write about water\nClarification: Floods on rivers, and what dams do",
        out(needs_clarification=False),
        instructions=TRIAGE,
        options=output(needs_clarification=BOOLEAN, question=STRING),
    ),
    Row(
        "searches for the parts of a question",
        "How do lighthouses and tides help ships?",
        searches_for("lighthouses", "lighthouses tides", "lighthouses ships"),
        instructions="Plan three searches.",
        options=PLAN,
    ),
    Row(
        "another question, other searches",
        "Can batteries store solar power for the night?",
        searches_for("batteries store solar", "batteries power night"),
        instructions="Plan 2 searches.",
        options=PLAN,
    ),
    Row(
        "a report has a section for each note",
        NOTES,
        out(
            title="How do lighthouses and tides help ships?",
            summary="By rule, from the notes on: Lighthouses. Not looked up: Tides.",
            markdown="# How do lighthouses and tides help ships?\n\n"
            "## Lighthouses\n\nA lighthouse shows ships where the coast is.\n\n"
            "## Tides\n\nThis could not be looked up. The search failed: the library answered 500.",
        ),
        instructions="Write a report on the question from the notes.",
        options=output(title=STRING, summary=STRING, markdown=STRING),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_decision(row: Row) -> None:
    row.check()
