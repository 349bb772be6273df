"""What the practice model is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workshop.practice.model import json_schema
from workshop.practice.model.json_schema import JSON


@dataclass(frozen=True)
class PlanRequest:
    """One model call, with the whole conversation resolved.

    Attributes:
        instructions: The system prompt of the agent that speaks now; empty if it has none.
        items: Responses API input items, oldest first. Unknown types are ignored.
        tools: Function tools in the Responses API's shape (`{"type": "function", "name": ...,
            "parameters": {...}}`). Of other kinds only the type is read, so that a reply can name them.
        tool_choice: `"auto"`, `"none"`, `"required"`, or `{"type": "function", "name": ...}`.
            The caller has checked that a named tool is among `tools`.
        parallel_tool_calls: Whether one reply may hold more than one call.
        text_format: `{"type": "json_schema", "schema": {...}, ...}` for structured output,
            `{"type": "json_object"}` for any JSON object, or None for plain text.
    """

    instructions: str = ""
    items: Sequence[Mapping[str, JSON]] = ()
    tools: Sequence[Mapping[str, JSON]] = ()
    tool_choice: str | Mapping[str, JSON] = "auto"
    parallel_tool_calls: bool = True
    text_format: Mapping[str, JSON] | None = None


@dataclass(frozen=True)
class ToolCall:
    """A call the model asks for: the tool's name, and arguments that satisfy its schema."""

    name: str
    arguments: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What the model decided: `calls`, or `text`, or a `refusal`; one of the three.

    Attributes:
        rule: The name of the rule that decided; see `rules.RULES`.
        calls: Tool calls, in the order in which they were asked for. Empty if the reply is text.
        text: The reply; JSON text if the request asked for structured output.
        refusal: Why a structured output cannot be filled in; nothing in it is made up instead.
        why: The evidence: what each call, and each of its arguments, goes back to.
    """

    rule: str
    calls: list[ToolCall] = field(default_factory=list)
    text: str = ""
    refusal: str = ""
    why: str = ""


BY_SCHEMA = "the schema's own"


@dataclass(frozen=True)
class Found:
    """A value, and the link by which it was found (`from 'California'`)."""

    value: JSON
    link: str

    @classmethod
    def of(cls, value: JSON, link: str) -> Found | None:
        """A value with its link; None if no value fits."""
        return None if value is json_schema.MISFIT else cls(value, link)

    @property
    def assumed(self) -> bool:
        """Whether nobody said it: the schema names it."""
        return self.link == BY_SCHEMA

    def told(self, name: str) -> str:
        """The value under its name, with the link, for the reason of a reply."""
        shown = self.value if isinstance(self.value, str) else repr(self.value)
        return f"{name}={shown[:60]} ({self.link})"
