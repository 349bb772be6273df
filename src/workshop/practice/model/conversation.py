"""The conversation as turns: what the user said, which tools were called, what came back, what is known."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from workshop.practice.language.facts import remembered
from workshop.practice.model import json_schema
from workshop.practice.model.json_schema import JSON

LONGEST_OUTPUT = 200_000  # characters of a tool output that are parsed; the rest is only counted

_ERROR_TEXT = re.compile(
    r"^\W*(?:an error occurred|error\b|\w*(?:error|exception)\s*[:(]|exception\b|traceback \(most recent|failed\b"
    r"|failure\b|unknown (?:tool|function)\b|invalid (?:input|arguments?|json|tool)\b"
    r"|no (?:such )?(?:tool|function) (?:named|called)"
    r"|(?:tool|function) [\w'\"`.-]+ (?:was )?(?:not found|does not exist|failed|is not available|raised)"
    r"|tool (?:execution|call) (?:was )?(?:not approved|rejected|denied|failed)"
    r"|(?:http|status|status code)\s*:?\s*[45]\d\d\b|multiple handoffs detected)",
    re.I,
)
_PYDANTIC = re.compile(r"(\w+)=('[^'\\]*'|\"[^\"\\]*\"|-?(?:0|[1-9]\d*)(?:\.\d+)?\b|True\b|False\b|None\b)")


@dataclass(frozen=True)
class Step:
    """One tool call and, once it is there, its output."""

    name: str
    arguments: dict[str, JSON]
    output: str | None
    pictures: str = ""  # "a picture", where that is all that came back

    @cached_property
    def data(self) -> JSON:
        """The output as JSON (also from a Python or Pydantic spelling of it); otherwise its text."""
        return parse_output(self.output or "")

    @cached_property
    def problem(self) -> str | None:
        """What went wrong, in the tool's own words; None if nothing did."""
        return error_of(self.output) if self.output is not None else None

    @property
    def succeeded(self) -> bool:
        """Whether its output is there and is no error."""
        return self.output is not None and self.problem is None


@dataclass(frozen=True)
class Turn:
    """One user message and all that followed it."""

    user: str
    steps: tuple[Step, ...]
    said: str


@dataclass(frozen=True)
class Conversation:
    """All turns, oldest first; the last is the one to answer."""

    turns: tuple[Turn, ...]
    system: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def text_of(content: JSON) -> str:
    """The text of a message's content or of a tool's output, whether a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = [content] if isinstance(content, Mapping) else content
    if not isinstance(parts, Sequence):
        return "" if content is None else str(content)
    said = (part if isinstance(part, str) else json_schema.mapping(part).get("text") for part in parts)
    return "\n".join(text for text in said if isinstance(text, str))


def pictures_in(content: JSON) -> str:
    """What a content holds that is no text, in words (`a picture`); empty if nothing."""
    content = content if isinstance(content, list) else []
    kinds = " ".join(str(json_schema.mapping(part).get("type")) for part in content)
    words = (("image", "a picture"), ("file", "a file"), ("audio", "a recording"))
    return next((word for kind, word in words if kind in kinds), "")


def read(items: Sequence[Mapping[str, JSON]]) -> Conversation:
    """Read Responses API input items into turns. Unknown items are ignored."""
    turns: list[Turn] = []
    system: list[str] = []
    user: str | None = None
    said = ""
    calls: dict[str, Step] = {}  # of the turn at hand, by call id
    for number, item in enumerate(items):
        if not isinstance(item, Mapping):
            continue
        role, kind, call_id = item.get("role"), item.get("type"), str(item.get("call_id") or "")
        if kind == "function_call":
            step = Step(str(item.get("name", "")), _arguments(item.get("arguments")), None)
            calls[call_id or str(number)] = step
        elif kind == "function_call_output" and call_id in calls:
            step = calls[call_id]
            said_back = text_of(item.get("output"))
            seen = "" if said_back.strip() else pictures_in(item.get("output"))
            calls[call_id] = Step(step.name, step.arguments, said_back, seen)
        elif role in ("developer", "system"):
            system.append(text_of(item.get("content")))
        elif role == "user":
            if user is not None or calls:
                turns.append(Turn(user or "", tuple(calls.values()), said))
            user, said, calls = text_of(item.get("content")), "", {}
        elif role == "assistant":
            said = text_of(item.get("content"))
    turns.append(Turn(user or "", tuple(calls.values()), said))
    return Conversation(tuple(turns), "\n".join(system), remembered([turn.user for turn in turns]))


def _arguments(raw: JSON) -> dict[str, JSON]:
    value = raw if isinstance(raw, Mapping) else parse_output(str(raw or "{}"))
    return dict(value) if isinstance(value, Mapping) else {}


@lru_cache(maxsize=256)
def parse_output(text: str) -> JSON:
    """A tool output as a value: JSON, a Python literal; otherwise the text, stripped."""
    stripped = text.strip()[:LONGEST_OUTPUT]
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(stripped)
    if len(stripped) < 20_000 and stripped[:1] in ("{", "[", "("):
        with contextlib.suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return json.loads(json.dumps(ast.literal_eval(stripped), default=str))
    pairs = _PYDANTIC.findall(stripped) if re.match(r"\w+=['\"\w-]", stripped) else []
    return {key: ast.literal_eval(value) for key, value in pairs} or stripped


@lru_cache(maxsize=256)
def error_of(output: str) -> str | None:
    """The error a tool output reports, in its own words; None if it reports none."""
    text = output.strip()
    if not text:
        return None
    if _ERROR_TEXT.match(text[:300]):
        return text[:600]
    value = parse_output(text)
    if not isinstance(value, dict):
        return None
    said = next((str(value[key]) for key in ("message", "detail", "reason", "title") if value.get(key)), None)
    for key in ("error", "errors", "exception"):
        if value.get(key):
            inner = json_schema.mapping(value[key])
            own = inner.get("message") or inner.get("detail") or (said if value[key] is True else None)
            return str(own or value[key])[:600]
    status = value.get("status")
    refused = isinstance(status, int) and 400 <= status < 600 and ("title" in value or "detail" in value)
    bad = False in (value.get("success"), value.get("ok"))
    failed = bad or status in ("error", "fail", "failed", "failure")
    return (said or text)[:600] if refused or failed else None
