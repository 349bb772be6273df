"""The arguments of a call: each parameter filled from the text, the schema or what tools returned.

A value counts only if it satisfies the parameter's schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workshop.practice.model import arithmetic, json_schema, values
from workshop.practice.model.conversation import Step
from workshop.practice.model.lexicon import LANGUAGES
from workshop.practice.model.outputs import from_outputs
from workshop.practice.model.params import Param
from workshop.practice.model.phrases import find_strings
from workshop.practice.model.tools import Tool
from workshop.practice.model.words import STOP, bag, name_words, stem, tokens

JSON = Any


@dataclass(frozen=True)
class Sources:
    """Where values may come from, nearest first.

    Attributes:
        clause: The part of the user's text that asks for this call.
        text: The whole text of the user, and what an earlier question of ours asked for.
        outputs: Steps of this turn that succeeded.
        past: Steps of earlier turns that succeeded, newest first.
        facts: What the user told about themselves.
        outputs_first: Whether an output beats the text ("multiply the number" in the instructions).
        answering: Whether the clause answers our own question for arguments, so that a bare value counts.
        depth: How many objects deep the call's arguments are being filled.
    """

    clause: str
    text: str
    outputs: Sequence[Step] = ()
    past: Sequence[Step] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    outputs_first: bool = False
    answering: bool = False
    depth: int = 0

    @property
    def texts(self) -> list[str]:
        """The clause, and the whole text where that is more."""
        return list(dict.fromkeys((self.clause, self.text)))


@dataclass(frozen=True)
class Filling:
    """The argument sets that were found (several for "Paris and Tokyo"), and what is still missing."""

    arguments: tuple[dict[str, JSON], ...]
    missing: tuple[Param, ...] = ()
    found: int = 0


def fill(tool: Tool, sources: Sources) -> Filling:
    """Find a tool's arguments.

    Returns:
        One argument set, or several if the text names several values for the one parameter that can
        tell them apart; `missing` lists the required parameters that nothing offers.
    """
    chosen: dict[str, JSON] = {}
    several: dict[str, list[JSON]] = {}
    missing: list[Param] = []
    said = _Said(tool, sources, [])
    for param in tool.params:
        found = [from_outputs(param, sources.outputs)] if sources.outputs_first else []
        found = [value for value in found if value is not json_schema.MISFIT] or said.values(param)
        if not found and param.essential:
            found = [value for value in _elsewhere(param, sources) if value is not json_schema.MISFIT]
        if found:
            chosen[param.name] = found[0]
            said.used.append(found[0])
            if len(found) > 1:
                several[param.name] = found
        elif param.required:
            usual = _unsaid(param, alone=len(tool.params) == 1)
            if usual is json_schema.MISFIT:
                missing.append(param)
            else:
                chosen[param.name] = usual
    if len(several) == 1 and not missing:
        ((name, alternatives),) = several.items()
        return Filling(tuple({**chosen, name: one} for one in alternatives), (), len(said.used))
    return Filling((chosen,), tuple(missing), len(said.used))


_USUAL = bag("medium normal default standard auto any general other economy")


def _unsaid(param: Param, *, alone: bool) -> JSON:
    """The value of a required parameter that nobody spoke of; MISFIT if it must be asked for."""
    if not param.essential or param.type == "boolean" or "const" in param.schema:
        return param.placeholder()
    if param.choices and param.type != "array":
        return next((one for one in param.choices if str(one).lower() in _USUAL), param.choices[0])
    return (
        [] if param.type == "array" and not param.schema.get("minItems") and not alone else json_schema.MISFIT
    )


# -- what the text says ----------------------------------------------------------------------------------

_SHARED = ("date", "iso_date", "iso_datetime", "time")
_APART = ("state", "city", "place", "country", "ip", "email", "ticker", "url")
_BARE = ("noun", "name", "person", "city", "place")
_FROM = bag("from origin source base departure start sender")
_TO = bag("to destination target arrival end recipient quote into")


@dataclass
class _Said:
    """What the text says of one tool's parameters, each value used once."""

    tool: Tool
    sources: Sources
    used: list[JSON]

    def __post_init__(self) -> None:
        textual = [param.kind for param in self.tool.params if param.textual]
        self.alike = {kind: textual.count(kind) for kind in textual}
        numeric = [param for param in self.tool.params if param.numeric and not param.choices]
        self.numbers: dict[str, float] = {}
        for text in () if self.sources.outputs_first or not numeric else self.sources.texts:
            rest = [param for param in numeric if param.name not in self.numbers]
            self.numbers |= numbers_for(rest, text, loose=not self.numbers)

    def may_fan_out(self, param: Param) -> bool:
        """Whether several values mean several calls: never to change things, nor to share out other values."""
        others = [one for one in self.tool.needed if one is not param and not one.choices]
        shared = all(one.kind in _SHARED or one.type == "boolean" for one in others)
        return shared and not self.tool.changes_things

    def values(self, param: Param) -> list[JSON]:
        """The values a text has for a parameter, several if each would make a call of its own."""
        if param.choices:
            found = [choice_for(param, text) for text in self.sources.texts]
            found = [
                [one] if param.type == "array" else one for one in found if one is not json_schema.MISFIT
            ]
            return found[:1]
        if param.numeric:
            return self._numbers(param)
        if param.type == "boolean":
            flags = (flag_for(param, text) for text in self.sources.texts)
            return [flag for flag in flags if flag is not None][:1]
        if param.type == "array":
            listed = (list_for(param, text, essential=param.essential) for text in self.sources.texts)
            fitted = param.first(one for one in listed if one)
            return [] if fitted is json_schema.MISFIT else [fitted]
        if param.type == "object":
            return self._object(param)
        return self._strings(param) if param.textual else []

    def _numbers(self, param: Param) -> list[JSON]:
        if param.name not in self.numbers:
            return []
        mine, clause = self.numbers[param.name], self.sources.clause
        lone = param.essential and len(self.numbers) == 1 and not self.alike and not param.words & _LIMITED
        many = (
            lone
            and not self.tool.changes_things
            and re.search(r"\band\b|,", clause)
            and not _RANGE.search(clause)
        )
        fitted = (
            param.fit(one) for one in [mine, *(n for n in values.numbers(clause) if many and n != mine)]
        )
        return [one for one in fitted if one is not json_schema.MISFIT]

    def _object(self, param: Param) -> list[JSON]:
        """An object's properties are filled like parameters of their own."""
        if self.sources.depth > 3:  # a schema may hold itself
            return []
        inner = Tool(param.name, param.about, {**param.schema, "$defs": param.root.get("$defs", {})})
        filling = fill(inner, replace(self.sources, depth=self.sources.depth + 1))
        fitted = (
            json_schema.MISFIT if filling.missing or not filling.found else param.fit(filling.arguments[0])
        )
        return [] if fitted is json_schema.MISFIT else [fitted]

    def _strings(self, param: Param) -> list[JSON]:
        alike = self.alike[param.kind]
        if param.kind in ("free", "noun") and not param.essential:
            fitted = param.first(label for text in self.sources.texts if (label := param.labelled(text)))
            return [] if fitted is json_schema.MISFIT else [fitted]
        for text in self.sources.texts:
            found = [param.fit(one) for one in self._candidates(param, text, alike)]
            # One stretch of text is not the value of two parameters that a call requires.
            fits = [
                one
                for one in found
                if one is not json_schema.MISFIT and not (param.essential and one in self.used)
            ]
            if fits:
                many = alike == 1 and param.essential and param.kind in _APART and self.may_fan_out(param)
                joined = (
                    param.fit(", ".join(map(str, fits))) if self.tool.changes_things else json_schema.MISFIT
                )
                if (
                    len(fits) > 1
                    and param.kind == "email"
                    and alike == 1
                    and joined is not json_schema.MISFIT
                ):
                    return [joined]
                return fits[:8] if many else fits[:1]
        return []

    def _candidates(self, param: Param, text: str, alike: int) -> list[str]:
        """The values in a text for a string parameter, best first."""
        whole, kind = self.sources.text, param.kind
        bare = self.sources.answering and text is self.sources.clause
        here = kind in ("place", "city", "state") and values.SELF_PLACE.search(self.sources.clause)
        if here and text is not self.sources.clause:
            return []
        # What is to be said or searched for may stand beside the clause that asks for it.
        wider = kind == "free" and (values.find("quoted", whole) or len(tokens(text)) < 4)
        candidates = find_strings(param, whole if wider else text, alone=alike == 1)
        if not candidates and kind == "id":
            loose = [one for one in values.find("id", text) if one not in self.used]
            label = param.labelled(whole) if self.sources.answering else None
            if label:
                candidates = [label]
            elif bare or len(values.find("id", text)) >= alike:
                candidates = loose
        if not candidates and bare and kind in _BARE and len(tokens(text)) <= 6:
            candidates = [text.strip(" .!?")]
        directed = _directed(param, text) if alike > 1 or param.words & (_FROM | _TO) else None
        if directed is None:
            return [one for one in candidates if alike == 1 or one not in self.used]
        inside = [one for one in candidates if one.lower() in directed.lower()]
        if inside:
            return [inside[0], *candidates]
        if kind == "currency":
            return [*values.find("currency", directed)[:1], *candidates]
        if not candidates and param.essential:
            return [re.sub(r"^(?:my|the|our)\s+", "", directed.strip())]
        return candidates


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


_NEGATED = r"(?:\bno|\bnot|\bwithout|n't|\bdisable|\boff\b|\bnever|\bdon't)"
_QUANTITY = rf"(-?\d[\d,]*(?:\.\d+)?|\b(?:{values.any_of(values.NUMBER_WORDS)})\b)"
_RANGE = re.compile(
    rf"(?:between|from|range(?: of)?)\s+{_QUANTITY}\s*(?:and|to|-|–|through)\s*{_QUANTITY}", re.I
)
_MOST = re.compile(
    r"(?:top|first|last|latest|up to|at most|max(?:imum)?(?: of)?|limit(?: of)?(?: to)?|under|below|no more than"
    rf"|less than)\s+\$?{_QUANTITY}",
    re.I,
)
_LEAST = re.compile(rf"(?:at least|min(?:imum)?(?: of)?|over|above|more than|from)\s+\$?{_QUANTITY}", re.I)
_LOW, _HIGH = bag("min minimum low lower start from"), bag("max maximum high upper end to limit")
_LIMITED = bag("max min maximum limit count n k top num results upper high")


def amount(said: str) -> float:
    """The number that a quantity says, in digits or as a small number word."""
    word = values.NUMBER_WORDS.get(said.lower())
    return float(said.replace(",", "")) if word is None else float(word)


def _tied(param: Param, text: str) -> Iterator[float]:
    """The numbers a text ties to a parameter: by label or unit, by a range, by a limit."""
    said = name_words(param.name)
    labels = [word for word in said if len(word) > 1 and word not in STOP | _LIMITED | {"number", "id"}]
    for label in labels or [word for word in said if word in _LIMITED | {"number"}]:
        root = re.escape(stem(label) if len(stem(label)) > 2 else label)
        after = rf"(?<![a-z]){root}\w*[\s:=]*(?:(?:of|is|to|at|by|for|as)\s+)?\$?{_QUANTITY}"
        for pattern in (after, rf"{_QUANTITY}[\s-]*(?:\w+\s+)?{root}"):
            if match := re.search(pattern, text, re.I):
                yield amount(match.group(1))
    if param.words & {"sides", "faces"} and (die := re.search(r"\bd(\d+)\b", text, re.I)):
        yield float(die.group(1))
    for words, limits, group in (
        (_LOW, _RANGE, 1),
        (_HIGH, _RANGE, 2),
        (_LIMITED - _LOW, _MOST, 1),
        (_LOW, _LEAST, 1),
    ):
        match = limits.search(text) if param.words & words else None
        if match:
            yield amount(match.group(group))


def numbers_for(params: Sequence[Param], text: str, *, loose: bool) -> dict[str, float]:
    """Which number of a text belongs to which numeric parameter: by label, unit and range, then by order.

    Args:
        params: The numeric parameters of a tool.
        text: Where to look.
        loose: Whether a required parameter may take a number that nothing ties to it.
    """
    out: dict[str, float] = {}
    left = arithmetic.in_order(text, values.numbers(text))
    if not left and not re.search(r"\bd?\d", text):
        return out
    free = [param for param in params if loose and (param.essential or len(params) == 1)]
    for param, offers in [*((p, _tied(p, text)) for p in params), *((p, iter(left)) for p in free)]:
        value = next((n for n in offers if param.fit(n) is not json_schema.MISFIT), None)
        if value is not None and param.name not in out:
            out[param.name] = value
            if value in left:
                left.remove(value)
    return out


def flag_for(param: Param, text: str) -> bool | None:
    """What a text says of a yes-or-no parameter; None if it says nothing."""
    lowered = text.lower()
    marks = [word for word in name_words(param.name) if word not in STOP | bag("include enable enabled flag")]
    if not marks or param.words & {"on", "enabled", "enable", "active", "power"}:
        if re.search(r"\boff\b|\bdisable|\bdeactivate", lowered):
            return False
        if re.search(r"\bon\b|\benable|\bactivate", lowered):
            return True
    for mark in marks:
        match = re.search(rf"(?<![a-z]){re.escape(stem(mark))}", lowered)
        if match:
            return not re.search(rf"{_NEGATED}[^.,;]{{0,20}}$", lowered[: match.start()])
    return None


_UNITS = {"celsius": "c metric", "fahrenheit": "f imperial"}


def choice_for(param: Param, text: str) -> JSON:
    """The member of an enum that a text names; MISFIT if none or the schema has no enum."""
    choices = param.choices or []
    said = tokens(text)
    stems, lowered, numbers = {stem(word) for word in said}, f" {' '.join(said)} ", values.numbers(text)
    named: list[tuple[int, int, JSON]] = []
    for index, choice in enumerate(choices):
        words = name_words(choice) if isinstance(choice, str) else ()
        position = lowered.find(f" {' '.join(words)} ")
        if json_schema.as_number(choice) in numbers:
            return choice
        if words and position >= 0 and not (len(choice) <= 2 and choice not in text):
            if not re.search(rf"{_NEGATED}\s*$", lowered[:position]):
                named.append((position, index, choice))
        elif words and len(choice) > 2 and all(stem(word) in stems for word in words):
            named.append((len(lowered), index, choice))
    if named:
        return min(named, key=lambda one: one[:2])[2]
    codes = [*values.find("state", text), *values.find("currency", text)]
    codes += [LANGUAGES[name.lower()] for name in values.find("language", text)]
    codes += [unit for word, units in _UNITS.items() if word in said for unit in units.split()]
    return json_schema.first_fit(codes, [{"enum": choices}], {})


# -- lists -----------------------------------------------------------------------------------------------

_PEOPLE = bag("participants attendees people names guests members")
_SEPARATOR = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_PAIR = re.compile(
    rf"\b{_QUANTITY}\s+(?:x\s+)?([a-z][\w-]*(?:\s+(?!and\b|with\b|for\b|to\b)[a-z][\w-]*)?)", re.I
)


def list_for(param: Param, text: str, *, essential: bool) -> list[JSON]:
    """The members of an array parameter that a text lists."""
    wanted = json_schema.kind(param.items)
    if wanted in ("integer", "number"):
        return list(values.numbers(text)) if essential or param.labelled(text) else []
    if wanted == "object":
        return pairs(param.items, param.root, text)
    if param.kind not in ("free", "noun", "name", "person"):
        found = find_strings(param, text)
        if found:
            return list(found)
    label = (name_words(param.name) or (param.name,))[-1].rstrip("s")
    listed = re.search(
        rf"\b{re.escape(label)}(?:s|es)?\s*(?::|=|are|is|of|like|named|called)?\s+"
        r"(?!and\b|or\b)([^.;:?!\n]+(?:\.\w[^.;:?!\n]*)*)",
        text,
        re.I,
    )
    if listed and re.search(r",|\band\b|:|=", listed.group(0)):
        return [part for raw in _SEPARATOR.split(listed.group(1)) if (part := raw.strip(" '\""))][:50]
    persons = param.kind == "person" or bool(param.words & _PEOPLE)
    if not essential and not persons:
        return []
    named = values.find("quoted", text) or values.find("person" if persons else "name", text)
    if named:
        return list(named)
    after = re.search(r"(?::|\bfor|\bof|\bwith)\s+([^.?!:\n]+)", text, re.I) or re.search(
        r"^\W*\w+\s+([^.?!:\n]+?(?:,|\sand)\s[^.?!:\n]+?)(?=\s+(?:to|on|in|into)\b|[.?!:\n]|$)", text
    )
    return [part.strip() for part in _SEPARATOR.split(after.group(1)) if part.strip()] if after else []


def pairs(items: json_schema.Schema, root: json_schema.Schema, text: str) -> list[JSON]:
    """Objects of a name and a number: `2 apples and 3 bananas`."""
    inner = Tool("", "", {**items, "$defs": root.get("$defs", {})}).params
    number = next((param for param in inner if param.numeric), None)
    name = next((param for param in inner if param.type == "string"), None)
    if name is None or number is None:
        return []
    whole = json_schema.mapping(json_schema.placeholder(items, root))
    return [
        {**whole, name.name: match.group(2).strip(), number.name: int(amount(match.group(1)))}
        for match in _PAIR.finditer(text)
        if match.group(2).split()[0].lower() not in STOP
    ]


# -- what was said or found before ------------------------------------------------------------------------

_THERE = re.compile(r"\b(?:there|it|that|this|same|again|those|them|him|her|his)\b", re.I)
_AT_HOME = re.compile(r"\bi live\b|\bhome\b|\bmy (?:city|state|town|area|place|region)\b", re.I)
_HOME = bag("city home state location place")


def _elsewhere(param: Param, sources: Sources) -> Iterator[JSON]:
    """What an essential parameter may take where the text has nothing for it."""
    yield from_outputs(param, sources.outputs)
    if _THERE.search(sources.clause):
        yield _from_past(param, sources.past)
    spoken = " ".join(name_words(param.name))
    facts = [sources.facts[spoken]] if spoken in sources.facts else []
    if "name" in sources.facts and "name" in param.words:
        facts.append(sources.facts["name"])
    if "home" in sources.facts and param.words & _HOME and _AT_HOME.search(sources.clause):
        facts += [*find_strings(param, f"in {sources.facts['home']}"), sources.facts["home"]]
    yield param.first(facts)


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
