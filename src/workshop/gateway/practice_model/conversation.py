"""The conversation as turns: what the user said, which tools were called, what came back, what is known."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

JSON = Any

LONGEST_OUTPUT = 200_000  # characters of a tool output that are parsed; the rest is only counted

_ERROR_TEXT = re.compile(
    r"^\W*(?:an error occurred|error\b|\w*(?:error|exception)\s*[:(]|exception\b|traceback \(most recent"
    r"|failed\b|failure\b|unknown (?:tool|function)\b|invalid (?:input|arguments?|json|tool)\b"
    r"|(?:tool|function) [\w'\"`.-]+ (?:was )?(?:not found|does not exist|failed|is not available|raised)"
    r"|no (?:such )?(?:tool|function) (?:named|called|with)|tool (?:execution|call) "
    r"(?:was )?(?:not approved|rejected|denied|failed)"
    r"|(?:http|status|status code)\s*:?\s*[45]\d\d\b|multiple handoffs detected)",
    re.I,
)
_PYDANTIC = re.compile(
    r"(\w+)=(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|(-?\d+(?:\.\d+)?)\b|(True|False|None)\b)"
)
_HISTORY_LINE = re.compile(r"^\s*\d+\.\s*(user|assistant)\s*:\s*(.+)$", re.I | re.M)


@dataclass(frozen=True)
class Step:
    """One tool call and, once it is there, its output."""

    name: str
    arguments: dict[str, JSON]
    output: str | None

    @cached_property
    def data(self) -> JSON:
        """The output as JSON (also from a Python or Pydantic spelling of it); otherwise its text."""
        return parse_output(self.output or "")

    @cached_property
    def problem(self) -> str | None:
        """What went wrong, in the tool's own words; None if nothing did."""
        return error_of(self.output) if self.output is not None else None


@dataclass(frozen=True)
class Turn:
    """One user message and all that followed it."""

    user: str
    steps: tuple[Step, ...]
    said: str

    @property
    def done(self) -> tuple[Step, ...]:
        """The steps whose output is there and is no error."""
        return tuple(step for step in self.steps if step.output is not None and step.problem is None)


@dataclass(frozen=True)
class Conversation:
    """All turns, oldest first; the last is the one to answer."""

    turns: tuple[Turn, ...]
    system: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> Turn:
        """The turn to answer."""
        return self.turns[-1]


def text_of(content: JSON) -> str:
    """The text of a message's content or of a tool's output, whether a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        content = [content]
    if isinstance(content, Sequence):
        parts = []
        for part in content:
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, Mapping) and isinstance(part.get("text"), str):
                parts.append(part["text"])
            elif isinstance(part, Mapping) and part.get("type") == "refusal":
                parts.append(str(part.get("refusal", "")))
        return "\n".join(parts)
    return "" if content is None else str(content)


def read(items: Sequence[Mapping[str, JSON]]) -> Conversation:
    """Read Responses API input items into turns. Unknown items are ignored."""
    turns: list[Turn] = []
    system: list[str] = []
    user, said = "", ""
    steps: list[dict[str, JSON]] = []
    opened = False

    def close() -> None:
        turns.append(Turn(user, tuple(Step(s["name"], s["arguments"], s["output"]) for s in steps), said))

    for item in items:
        if not isinstance(item, dict):
            continue
        role, kind = item.get("role"), item.get("type")
        if kind == "function_call":
            steps.append({"id": item.get("call_id"), "name": str(item.get("name", "")),
                          "arguments": _arguments(item.get("arguments")), "output": None})  # fmt: skip
        elif kind == "function_call_output":
            output = text_of(item.get("output"))
            for step in reversed(steps):
                if step["id"] == item.get("call_id"):
                    step["output"] = output
                    break
        elif role in ("developer", "system"):
            system.append(text_of(item.get("content")))
        elif role == "user":
            if opened or steps:
                close()
            user, said, steps, opened = text_of(item.get("content")), "", [], True
        elif role == "assistant":
            said = text_of(item.get("content"))
            if not opened and not steps:
                # A handoff may fold the conversation so far into one assistant message.
                told = [m.group(2) for m in _HISTORY_LINE.finditer(said) if m.group(1).lower() == "user"]
                if told:
                    user, opened = told[-1], True
    close()
    texts = [turn.user for turn in turns]
    return Conversation(tuple(turns), "\n".join(system), remembered(texts))


def _arguments(raw: JSON) -> dict[str, JSON]:
    if isinstance(raw, Mapping):
        return dict(raw)
    try:
        value = json.loads(raw or "{}")
    except (TypeError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=256)
def parse_output(text: str) -> JSON:
    """A tool output as a value: JSON, a Python literal, a Pydantic repr; otherwise the text, stripped."""
    stripped = text.strip()[:LONGEST_OUTPUT]
    if not stripped:
        return ""
    if stripped[0] in "{[" or re.fullmatch(
        r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|true|false|null|\"[^\"]*\"", stripped
    ):
        try:
            return json.loads(stripped)
        except (ValueError, RecursionError):
            pass
    if stripped[0] in "{[(" and len(stripped) < 20_000:
        try:
            value = ast.literal_eval(stripped)
            return json.loads(json.dumps(value, default=str))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass
    if stripped in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[stripped]
    if "=" in stripped and len(stripped) < 5000 and re.match(r"(?:\w+\()?\w+=['\"\d\w-]", stripped):
        pairs = _PYDANTIC.findall(stripped)
        covered = sum(len(m.group(0)) for m in _PYDANTIC.finditer(stripped))
        if pairs and covered >= len(stripped) * 0.6:
            out: dict[str, JSON] = {}
            for key, single, double, number, word in pairs:
                if number:
                    out[key] = float(number) if "." in number else int(number)
                elif word:
                    out[key] = {"True": True, "False": False, "None": None}[word]
                else:
                    out[key] = single or double
            return out
    return stripped


@lru_cache(maxsize=256)
def error_of(output: str) -> str | None:
    """The error a tool output reports, in its own words; None if it reports none."""
    text = output.strip()
    if not text:
        return None
    if _ERROR_TEXT.match(text[:300]):
        return text[:600]
    value = parse_output(text)
    if isinstance(value, dict):
        for key in ("error", "errors", "exception"):
            problem = value.get(key)
            if problem:
                if isinstance(problem, Mapping):
                    problem = problem.get("message") or problem.get("detail") or json.dumps(problem)
                detail = value.get("message") or value.get("detail")
                if problem is True:
                    problem = detail or "error"
                return str(problem)[:600]
        status = value.get("status")
        if (
            status in ("error", "fail", "failed", "failure")
            or value.get("success") is False
            or value.get("ok") is False
        ):
            return str(value.get("message") or value.get("detail") or value.get("reason") or text)[:600]
        if isinstance(status, int) and 400 <= status < 600 and ("title" in value or "detail" in value):
            return str(value.get("detail") or value.get("title"))[:600]
    return None


# Simple facts: (pattern over a user's message, key of the fact). The value is the first group.
_TOLD = [
    (re.compile(r"\b(?:my name is|my name's|call me|i am called|me llamo|mi nombre es|je m'appelle"
r"|mein name ist"
                r"|ich heiße|mi chiamo|meu nome é)\s+([A-ZÀ-Þ][\w'’-]*(?:\s+[A-ZÀ-Þ][\w'’-]*)?"
r"|[a-zà-ÿ][\w'-]*)", re.I), "name"),
    (re.compile(r"\b(?:i'm|i am|this is|soy)\s+(?!In\b|On\b|At\b|From\b"
r"|I\b)([A-ZÀ-Þ][a-zà-ÿ]+)(?=[,.!]|\s*$|\s+and\b|\s+here\b)"), "name"),
    (re.compile(r"(?i:\bi(?: currently)? live in|\bi(?: am|'m) (?:based|living) in|\bvivo en"
r"|\bj'habite à|\bich wohne in)\s+"
                r"([A-ZÀ-Þ][\w'’-]*(?:,?\s+[A-ZÀ-Þ][\w'’-]*)*|[a-z]+(?: [a-z]+)?)"), "home"),
    (re.compile(r"(?i:\bi(?: am|'m| come) from)\s+([A-ZÀ-Þ][\w'’-]*(?:\s+[A-ZÀ-Þ][\w'’-]*)*)"), "origin"),
    (re.compile(r"\bi(?: work|'m working| am working) (?:at|for)\s+([\w&'’ -]+?)(?=[,.!?]|\s+(?:and|as"
r"|in)\b|$)", re.I), "employer"),
    (re.compile(r"\bi(?: am|'m)\s+(\d{1,3})(?:\s+years old|(?=[,.!]|$))", re.I), "age"),
]  # fmt: skip
_TOLD_ANY = re.compile(
    r"\b(?:my|mi)\s+(?!name\b)((?:favou?rite\s+)?[a-z][\w'-]*(?:\s+[a-z][\w-]*){0,2}?)\s+("
    r"?:is|was|are|es|'s)\s+(?:called\s+|named\s+)?"
    r"([^.,;!?\n]{1,80})",
    re.I,
)


def remembered(texts: Sequence[str]) -> dict[str, str]:
    """The simple facts a user told about themselves, by key; a later one replaces an earlier one."""
    facts: dict[str, str] = {}
    for text in texts:
        short = text[:2000]
        lowered = short.lower()
        if "my" not in lowered and "i" not in lowered and "m" not in lowered:
            continue
        for pattern, key in _TOLD:
            match = pattern.search(short)
            if match:
                value = match.group(1).strip(" .")
                facts[key] = value if value != value.lower() or key in ("age", "employer") else value.title()
        for match in _TOLD_ANY.finditer(short):
            if (
                not short[: match.start()]
                .rstrip()
                .lower()
                .endswith(("what is", "what's", "whats", "where is", "when is", "who is", "how is"))
            ):
                facts[match.group(1).lower().replace("favourite", "favorite")] = match.group(2).strip()
    return facts
