"""The arguments of a call: each is grounded by a link that can be named, or it is missing.

A value counts only if it satisfies the parameter's schema. Links, nearest first: what the clause says, what the
rest of the text says, what tools returned, what was said or found in earlier turns, what the schema itself names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workshop.practice.model import json_schema, values
from workshop.practice.model.conversation import Step
from workshop.practice.model.decision import BY_SCHEMA, Found
from workshop.practice.model.mentions import choice_for, flag_for, list_for, numbers_for
from workshop.practice.model.outputs import from_outputs
from workshop.practice.model.params import Param
from workshop.practice.model.phrases import find_strings
from workshop.practice.model.tools import Tool
from workshop.practice.model.words import bag, name_words, stem, tokens

JSON = Any


@dataclass(frozen=True)
class Sources:
    """Where values may come from, nearest first.

    Attributes:
        clause: The part of the user's text that asks for this call.
        text: The text around it that may say more; empty if only the clause counts.
        outputs: Steps of this turn that succeeded.
        past: Steps of earlier turns that succeeded, newest first.
        facts: What the user told about themselves.
        outputs_first: Whether an output beats the text ("multiply the number" in the instructions).
        answering: Whether the clause answers our own question for arguments, so that a bare value counts.
        depth: How many objects deep the call's arguments are being filled.
    """

    clause: str
    text: str = ""
    outputs: Sequence[Step] = ()
    past: Sequence[Step] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    outputs_first: bool = False
    answering: bool = False
    depth: int = 0

    @property
    def texts(self) -> list[str]:
        """The clause, and the text around it where that is more."""
        return [text for text in dict.fromkeys((self.clause, self.text)) if text.strip()]


@dataclass(frozen=True)
class Filling:
    """What was found for each parameter, what is still missing, and how much the text itself said."""

    found: Mapping[str, Found]
    missing: tuple[Param, ...] = ()
    said: int = 0

    @property
    def arguments(self) -> dict[str, JSON]:
        """The arguments without their links."""
        return {name: found.value for name, found in self.found.items()}

    @property
    def why(self) -> str:
        """Each argument that was said or found, with its link."""
        told = [one.told(name) for name, one in self.found.items() if not one.assumed]
        return "; ".join(told)


def fill(tool: Tool, sources: Sources) -> Filling:
    """Find a tool's arguments; what a call requires and nothing offers is listed in ``missing``."""
    out: dict[str, Found] = {}
    missing: list[Param] = []
    reader = _Reader(tool, sources)
    for param in tool.params:
        found = _returned(param, sources) if sources.outputs_first else None
        found = found or reader.read(param)
        if found is None and param.essential:
            found = None if reader.names_other_place(param) else _elsewhere(param, sources, reader.used)
        if found is not None:
            out[param.name] = found
            reader.used.append(found.value)
        elif param.required and param.default is not json_schema.MISFIT:
            out[param.name] = Found(param.default, BY_SCHEMA)
        elif param.required:
            missing.append(param)
    if not missing or out:
        # A list that nobody named is an empty one, where it is not what the call is about.
        bare = [
            p for p in missing if p.type == "array" and not p.schema.get("minItems") and len(tool.needed) > 1
        ]
        out |= {p.name: Found([], "nothing was listed for it") for p in bare}
        missing = [p for p in missing if p not in bare]
    return Filling(
        {p.name: out[p.name] for p in tool.params if p.name in out}, tuple(missing), len(reader.used)
    )


_FROM = bag("from origin source base departure start sender")
_TO = bag("to destination target arrival end recipient quote into")
_BARE = ("noun", "name", "person", "city", "place", "state", "country", "free")


class _Reader:
    """What the text says of one tool's parameters, each value used once."""

    def __init__(self, tool: Tool, sources: Sources) -> None:
        self.tool = tool
        self.sources = sources
        self.acts = tool.changes_things
        self.used: list[JSON] = []
        textual = [param.kind for param in tool.params if param.textual]
        self.alike = {kind: textual.count(kind) for kind in textual}
        numeric = [param for param in tool.params if param.numeric and not param.choices]
        self.people = any(param.kind == "person" for param in tool.params)
        self.numbers: dict[str, Found] = {}
        for text in () if sources.outputs_first or not numeric else sources.texts:
            rest = [param for param in numeric if param.name not in self.numbers]
            self.numbers |= numbers_for(rest, text, loose=not self.numbers, named=self.people)

    def read(self, param: Param) -> Found | None:
        """The value that the text has for a parameter."""
        if param.numeric and not param.choices:
            return self.numbers.get(param.name)
        if self.sources.answering and param.textual and (label := param.labelled(self.sources.text)):
            fitted = param.fit(label)
            if fitted is not json_schema.MISFIT:
                return Found(fitted, "said after its name")
        for text in self.sources.texts:
            found = self._in(param, text)
            if found is not None:
                return found
        return None

    def _in(self, param: Param, text: str) -> Found | None:
        if param.choices:
            value = choice_for(param, text)
            if value is json_schema.MISFIT:
                return None
            return Found([value] if param.type == "array" else value, "it is one of the choices, and said")
        if param.type == "boolean":
            flag = flag_for(param, text)
            return None if flag is None else Found(flag, "said so")
        if param.type == "array":
            listed = list_for(param, text, essential=param.essential)
            fitted = param.fit(listed) if listed else json_schema.MISFIT
            return None if fitted is json_schema.MISFIT else Found(fitted, "listed in the text")
        if param.type == "object":
            return self._object(param)
        return self._string(param, text) if param.textual else None

    def _object(self, param: Param) -> Found | None:
        """An object's properties are filled like parameters of their own."""
        if self.sources.depth > 3:  # a schema may hold itself
            return None
        inner = Tool(param.name, param.about, {**param.schema, "$defs": param.root.get("$defs", {})})
        filling = fill(inner, replace(self.sources, depth=self.sources.depth + 1))
        fitted = json_schema.MISFIT if filling.missing or not filling.said else param.fit(filling.arguments)
        return None if fitted is json_schema.MISFIT else Found(fitted, filling.why)

    def _string(self, param: Param, text: str) -> Found | None:
        if param.kind in ("free", "noun") and not param.essential:
            offers = [label] if (label := param.labelled(text)) else []
            if not offers and param.words & {"reason"} and self.acts:
                offers = (
                    find_strings(param, text, acts=True) if re.search(r"\b(?:because|due to)\b", text) else []
                )
            if not offers and param.words & {"question"} and "?" in text:
                asked = re.findall(r"[^.?!\n]+\?", text)
                offers = [asked[-1].strip()]
        else:
            offers = self._candidates(param, text)
        fits = [one for one in map(param.fit, offers) if one is not json_schema.MISFIT]
        # One stretch of text is not the value of two parameters that a call requires.
        fits = [one for one in fits if not (param.essential and one in self.used)]
        if not fits:
            return None
        together = param.fit(", ".join(map(str, fits)))
        fits = list(dict.fromkeys(fits))
        many = (
            self.acts
            and len(fits) > 1
            and all("@" in str(one) for one in fits)
            and self.alike[param.kind] == 1
        )
        if many and together is not json_schema.MISFIT:
            return Found(together, "every address in the text")
        whole = fits[0] == text.strip()
        return Found(fits[0], "the user's own words" if whole else f"from '{_around(text, str(fits[0]))}'")

    def _candidates(self, param: Param, text: str) -> list[str]:
        """The values in a text for a string parameter, best first."""
        kind, alike = param.kind, self.alike[param.kind]
        answering = self.sources.answering and text is self.sources.clause
        here = kind in ("place", "city", "state") and values.SELF_PLACE.search(self.sources.clause)
        if here and text is not self.sources.clause:
            return []
        if kind == "free" and text is self.sources.clause and len(tokens(text)) < 4:
            text = (
                self.sources.text or text
            )  # what is to be said may stand beside the clause that asks for it
        field = self._field(param, text)
        if field is not None:
            return [field]
        found = find_strings(param, text, alone=alike == 1, acts=self.acts, known=self.others(param))
        found = [
            cut
            for one in found
            if (cut := self._without_verb(one, text)) and not self.claimed_by_other(param, cut)
        ]
        if not found and kind == "id":
            loose = [one for one in values.find("id", text) if one not in self.used]
            if answering or len(values.find("id", text)) >= alike > 1:
                found = loose
        if not found and answering and kind in _BARE and len(tokens(text)) <= 6:
            found = [text.strip(" .!?")]
        directed = _directed(param, text) if alike > 1 or param.words & (_FROM | _TO) else None
        if directed is None:
            return [one for one in found if alike == 1 or one not in self.used]
        inside = [one for one in found if one.lower() in directed.lower()]
        if inside:
            return [inside[0], *found]
        if kind == "currency":
            return [*values.find("currency", directed)[:1], *found]
        if not found and param.essential and kind not in ("state", "city", "email", "ip", "url"):
            return [re.sub(r"^(?:my|the|our)\s+", "", directed.strip())]
        return found

    def others(self, param: Param) -> frozenset[str]:
        """The stems of what the other parameters are called."""
        return frozenset(
            stem(word) for other in self.tool.params if other is not param for word in other.words
        )

    def claimed_by_other(self, param: Param, value: str) -> bool:
        """Whether a value belongs to another parameter: it stands by that one's name, or is its number."""
        if any(
            isinstance(one.value, int | float) and value == str(one.value) for one in self.numbers.values()
        ):
            return True
        labels = (p.labelled(self.sources.clause) for p in self.tool.params if p is not param and p.textual)
        return value in labels and value != param.labelled(self.sources.clause)

    def _without_verb(self, value: str, text: str) -> str:
        """A name without the verb that the clause begins with (`Enroll Ana`)."""
        head, _, rest = value.partition(" ")
        begins = (
            text.lstrip().startswith(value) and stem(head.lower()) in self.tool.name_stems | self.tool.verbs
        )
        return rest.removeprefix("the ") if begins and rest else value

    def _field(self, param: Param, text: str) -> str | None:
        """What stands after the parameter's own name, up to the name of the next one: `subject A and text B`."""
        others = [p for p in self.tool.params if p is not param and p.textual]
        if not param.textual or not others or param.kind not in ("free", "noun", "name"):
            return None
        name = re.escape(" ".join(name_words(param.name)))
        match = re.search(
            rf"\b(?:with|and|the|a|,)?\s*\b{name}\b(?:\s+(?:is|as|of|reads|saying))?\s*[:=]?\s+(?=\S)",
            text,
            re.I,
        )
        stops = "|".join(re.escape(" ".join(name_words(p.name))) for p in others)
        named = re.search(rf"\b(?:{stops})\b", text, re.I)
        if not match or (not named and not re.search(r"[:=]\s*$|\b(?:with|and)\b", match.group(0), re.I)):
            return None
        rest = text[match.end() :]
        if quoted := values.QUOTED.match(rest):
            return str(quoted[quoted.lastindex or 0])
        if not re.search(r"[:=]\s*$|\bwith\b|\band\b", match.group(0), re.I):
            return None
        until = re.search(rf",?\s+(?:and|with)?\s*(?:(?:the|a)\s+)?\b(?:{stops})\b", rest, re.I)
        return (rest[: until.start()] if until else rest).strip() or None

    def names_other_place(self, param: Param) -> bool:
        """Whether the text names a place that this parameter cannot take: then no other may stand in for it."""
        if param.kind not in ("state", "city", "place") or values.SELF_PLACE.search(self.sources.clause):
            return False
        named = " ".join(values.find("place", self.sources.clause)).lower()
        led = (
            value
            for step in self.sources.outputs
            for value in step.arguments.values()
            if isinstance(value, str)
        )
        return bool(named) and not any(value.lower() in named or named in value.lower() for value in led)


def _around(text: str, value: str) -> str:
    """The words of a text that a value was read from, if it stands there; otherwise the text's beginning."""
    return value[:60] if value.lower() in text.lower() else " ".join(text.split())[:60]


_AFTER_FROM = re.compile(r"\bfrom\s+(.{1,60}?)(?=\s+(?:to|into|on|at|for)\b|[.,;!?]|$)", re.I)
_BEFORE_TO = re.compile(
    r"(?:[\d.,]+\s*)([\w$€£ ]{1,40}?)\s+(?:in|to|into)\s+\w+|([\w$€£ ]{1,40}?)\s+in\s+\w+"
)
_AFTER_TO = re.compile(r"\b(?:to|into)\s+(.{1,60}?)(?=\s+(?:from|on|at|for|with|saying)\b|[.,;!?]|$)", re.I)
_AFTER_IN = re.compile(r"\bin\s+(.{1,40}?)(?=[.,;!?]|$)")


def _directed(param: Param, text: str) -> str | None:
    """The phrase after `from` or `to`, for parameters that are named so."""
    match = None
    if param.words & _FROM:
        match = _AFTER_FROM.search(text) or _BEFORE_TO.search(text)
    elif param.words & _TO:
        match = _AFTER_TO.search(text) or _AFTER_IN.search(text)
    return match[match.lastindex or 0] if match else None


# -- what was said or found before ------------------------------------------------------------------------

_THERE = re.compile(r"\b(?:there|it|that|this|same|again|those|them|him|her|his)\b", re.I)
_AT_HOME = re.compile(r"\bi live\b|\bhome\b|\bmy (?:city|state|town|area|place|region)\b", re.I)
_HOME = bag("city home state location place")


def _returned(param: Param, sources: Sources, used: Sequence[JSON] = ()) -> Found | None:
    value = from_outputs(param, sources.outputs)
    if param.numeric and value in used:  # one result is not two operands
        return None
    names = ", ".join(dict.fromkeys(step.name for step in sources.outputs))
    return None if value is json_schema.MISFIT else Found(value, f"in what {names} returned")


def _elsewhere(param: Param, sources: Sources, used: Sequence[JSON]) -> Found | None:
    """What an essential parameter may take where the text has nothing for it."""
    if returned := _returned(param, sources, used):
        return returned
    if _THERE.search(sources.clause):
        value = _from_past(param, sources.past)
        if value is not json_schema.MISFIT:
            return Found(value, "as in the call before")
    spoken = " ".join(name_words(param.name))
    facts = [sources.facts[spoken]] if spoken in sources.facts else []
    if (
        "name" in sources.facts
        and param.words & {"name"}
        and param.words & {"user", "my", "customer", "name"}
    ):
        facts.append(sources.facts["name"])
    if "home" in sources.facts and param.words & _HOME and _AT_HOME.search(sources.clause):
        facts += [*find_strings(param, f"in {sources.facts['home']}"), sources.facts["home"]]
    value = param.first(facts)
    return None if value is json_schema.MISFIT else Found(value, "told by the user before")


def _from_past(param: Param, past: Sequence[Step]) -> JSON:
    """The value an earlier turn used or returned: what `there`, `it` and `the same` mean."""
    for step in past:
        same = [step.arguments[param.name]] if param.name in step.arguments else []
        alike = (
            value
            for name, value in step.arguments.items()
            if isinstance(value, str) and set(param.kinds) & set(Param(name, {}, {}).kinds) - {"noun", "free"}
        )
        fitted = param.first([*same, *alike])
        if fitted is not json_schema.MISFIT:
            return fitted
    return from_outputs(param, list(reversed(past)))
