"""An agent that answers in haiku: instructions, and nothing else."""

from __future__ import annotations

import re

from workshop.checks.bench import Bench, NotYet
from workshop.checks.registry import exercise
from workshop.exercises.first_agent.asked import calls_about, is_haiku, probe_answers

_SDK = "https://openai.github.io/openai-agents-python"

_QUESTIONS = (
    "Who wrote the novel Dune?",
    "What is a good name for a boat?",
    "Why do cats purr?",
    "How old is the moon?",
)

# How instructions say that a haiku is for some questions only. Of tools, this agent has none.
_FOR_SOME = re.compile(
    r"\b(?:otherwise|unless)\b|\b(?:for|to) (?:(?:any|every|all)thing else|(?:all|any) (?:the )?others?)\b",
    re.IGNORECASE,
)
# A condition, up to its end; `even if`, `no matter if` and `as if` are none.
_CONDITION = re.compile(
    r"(?<!\beven )(?<!\bas )(?<!\bmatter )\b(?P<all>(?:only )?(?:if|when(?:ever)?|in case)\b"
    r"(?P<case>.*?))(?=[,.;:!?\n]|\band\b|\bhaiku|$)",
    re.IGNORECASE,
)
# Such a condition holds for every question: `when you are asked`, `if someone writes to you`.
_ASKED = re.compile(
    r"\b(?:asks?|asked|asking|writes?|sends?|says?|speaks?|talks?|gets?|receives?|given"
    r"|(?:you|to) (?:answer|reply|respond)|(?:answer|reply|respond)ing)\b",
    re.IGNORECASE,
)
# Or it does not: `if you cannot answer`, `when you are asked for a poem`, but not `for anything`.
_NARROW = re.compile(
    r"\b(?:not|cannot|unable|unsure|no)\b|n['’]t\b|\b(?:about|for)\b(?!.*\b(?:any|every|what)\w*)",
    re.IGNORECASE,
)
_HAIKU = re.compile(r"\bhaikus?\b|\bsyllables?\b", re.IGNORECASE)
_NEVER = re.compile(r"\b(?:never|not|no|nothing)\b|n['’]t\b", re.IGNORECASE)


@exercise(
    proves="The instructions alone made the model answer in haiku, in one model call.",
    hints=(
        "An `Agent` has a name, which is for you, and something that tells the model how to behave. What is it called?",
        f"`Agent(name=..., instructions=...)`; the instructions are plain English: {_SDK}/agents/",
        'agent = Agent(name="Haiku agent", instructions="You answer every question with ...")',
    ),
    temporal=False,
)
async def haiku(bench: Bench) -> str:
    """Two questions, a model call each, and haiku because the instructions ask for them."""
    questions = ["What do you think about when it snows?", bench.fresh.shuffled(_QUESTIONS)[0]]
    answers = await bench.run(probe_answers, questions)
    for question, answer in zip(questions, answers, strict=True):
        calls = calls_about(bench, question)
        if not calls:
            raise NotYet("one model call", "none: the agent answered without asking the model", "`agent`")
        if len(calls) > 1:
            raise NotYet(
                "one model call", f"{len(calls)}", "`agent`: a name and instructions are all it needs"
            )
        instructions = str(calls[0].request.get("instructions") or "")
        if not instructions:
            raise NotYet(
                "an agent with instructions", "no instructions were sent", "the arguments of Agent(...)"
            )
        if not is_haiku(calls[-1]):
            raise NotYet(
                f"nothing but a haiku as the answer to {question!r}",
                f"an answer that is not a haiku: {answer!r}",
                f"the instructions: {instructions!r}",
            )
        if case := _difference(instructions):
            raise NotYet(
                "a haiku as the answer to everything",
                f"instructions that make a difference between questions: {case!r}",
                f"the instructions: {instructions!r}",
            )
    return f"Your agent answered:\n\n{answers[0]}"


def _difference(instructions: str) -> str:
    """The words by which instructions tell questions apart; empty if they do not, as in `never answer otherwise`."""
    if re.search(r"\btools?\b", instructions, re.IGNORECASE):
        return ""
    sentences = re.split(r"(?<=[.!?;])\s+", instructions)
    conditions = [_condition(one) for one in sentences if _HAIKU.search(one)]
    if conditions and all(conditions):
        return conditions[0]
    for sentence in sentences:
        case = _FOR_SOME.search(sentence)
        if case and not _NEVER.search(sentence[: case.start()]):
            return case[0]
    return ""


def _condition(sentence: str) -> str:
    """The condition in a sentence that some questions meet and others do not; empty if it has none."""
    for found in _CONDITION.finditer(sentence):
        if not _ASKED.search(found["case"]) or _NARROW.search(found["case"]):
            return found["all"].strip()
    return ""
