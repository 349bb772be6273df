"""The arguments of a call: each parameter filled from the text, the schema or what tools returned.

A parameter's kind (state, city, e-mail, ...) is read off its format, its name and its description; the
kind says what to look for. A value counts only if it satisfies the parameter's schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workshop.gateway.practice_model import schema as js
from workshop.gateway.practice_model import values
from workshop.gateway.practice_model.conversation import Step
from workshop.gateway.practice_model.kinds import kinds_of, label_value
from workshop.gateway.practice_model.lexicon import LANGUAGES
from workshop.gateway.practice_model.phrases import find_strings
from workshop.gateway.practice_model.returned import from_outputs
from workshop.gateway.practice_model.tools import SELF_PLACE, Param, Tool
from workshop.gateway.practice_model.words import (
    STOP,
    name_words,
    stem,
    stems,
    tokens,
)

JSON = Any

_QUANTITY = r"-?\d[\d,]*(?:\.\d+)?"


_RANGE = re.compile(
    rf"(?:between|from|range(?: of)?)\s+({_QUANTITY})\s*(?:and|to|-|–|through)\s*({_QUANTITY})", re.I
)


_LIMIT = re.compile(
    rf"(?:top|first|last|latest|up to|at most|max(?:imum)?(?: of)?|limit(?: of)?(?: to)?"
    rf"|under|below|no more than|less than)\s+\$?({_QUANTITY})",
    re.I,
)


_LEAST = re.compile(rf"(?:at least|min(?:imum)?(?: of)?|over|above|more than|from)\s+\$?({_QUANTITY})", re.I)


_PAIR = re.compile(
    r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|a"
    r"|an)\s+(?:x\s+)?([a-z][\w-]*(?:\s+(?!and\b|with\b|for\b)[a-z][\w-]*)?)",
    re.I,
)


_NEGATED = r"(?:\bno|\bnot|\bwithout|n't|\bdisable|\boff\b|\bnever|\bdon't)"


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
    """

    clause: str
    text: str
    outputs: Sequence[Step] = ()
    past: Sequence[Step] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    outputs_first: bool = False
    answering: bool = False


@dataclass(frozen=True)
class Filling:
    """The argument sets that were found (several for "Paris and Tokyo"), and what is still missing."""

    arguments: tuple[dict[str, JSON], ...]
    missing: tuple[Param, ...] = ()
    found: int = 0


def numbers_for(params: Sequence[Param], text: str, *, loose: bool) -> dict[str, float]:
    """Which number of a text belongs to which numeric parameter: by label, unit and range, then by order.

    Args:
        params: The numeric parameters of a tool.
        text: Where to look.
        loose: Whether a required parameter may take a number that nothing ties to it.
    """
    out: dict[str, float] = {}
    available = values.numbers(text)
    if not available and not re.search(r"\bd\d", text):
        return out
    span = _RANGE.search(text)
    for param in params:
        bag = param.words
        schema = param.schema

        def take(value: float, param: Param = param, schema: js.Schema = schema) -> bool:
            if js.fit(value, schema, param.root) is js.MISFIT:
                return False
            out[param.name] = value
            if value in available:
                available.remove(value)
            return True

        labels = [
            w
            for w in name_words(param.name)
            if len(w) > 1 and w not in STOP and w not in ("number", "num", "id", "max", "min", "count", "of")
        ]
        labels += [w for w in ("number", "num", "count", "max", "min") if w in bag and not labels]
        done = False
        for label in labels:
            root = re.escape(stem(label)) if len(stem(label)) > 2 else re.escape(label)
            match = re.search(rf"(?<![a-z]){root}\w*[\s:=]*(?:(?:of|is|to|at|by|for"
rf"|as)\s+)?\$?({_QUANTITY})", text, re.I) or re.search(
                rf"({_QUANTITY})[\s-]*(?:\w+\s+)?{root}", text, re.I)  # fmt: skip
            if match and take(float(match.group(1).replace(",", ""))):
                done = True
                break
            spelled = re.search(rf"\b({'|'.join(values.NUMBER_WORDS)})[\s-]+(?:\w+\s+)?{root}", text, re.I)
            die = re.search(r"\bd(\d+)\b", text, re.I) if bag & {"sides", "faces"} else None
            if die and take(float(die.group(1))):
                done = True
                break
            if spelled and take(float(values.NUMBER_WORDS[spelled.group(1).lower()])):
                done = True
                break
        if done:
            continue
        if (
            span
            and bag & {"min", "minimum", "low", "lower", "start", "from"}
            and take(float(span.group(1).replace(",", "")))
        ):
            continue
        if (
            span
            and bag & {"max", "maximum", "high", "upper", "end", "to", "limit"}
            and take(float(span.group(2).replace(",", "")))
        ):
            continue
        limit = _LIMIT.search(text)
        if (
            limit
            and bag & {"max", "maximum", "limit", "count", "n", "k", "top", "num", "results", "upper", "high"}
            and take(float(limit.group(1).replace(",", "")))
        ):
            continue
        least = _LEAST.search(text)
        if (
            least
            and bag & {"min", "minimum", "low", "lower"}
            and take(float(least.group(1).replace(",", "")))
        ):
            continue
    if loose:
        for param in params:
            if param.name not in out and (
                (param.required and not param.has_default and not param.nullable) or len(params) == 1
            ):
                for value in list(available):
                    if js.fit(value, param.schema, param.root) is not js.MISFIT:
                        out[param.name] = value
                        available.remove(value)
                        break
    return out


def flag_for(param: Param, text: str) -> bool | None:
    """What a text says of a yes-or-no parameter; None if it says nothing."""
    lowered = text.lower()
    marks = [
        w
        for w in name_words(param.name)
        if w not in STOP and w not in ("is", "include", "enable", "enabled", "with", "should", "flag")
    ]
    if not marks:
        if re.search(r"\b(?:turn|switch)(?:ed)?\s+(?:\w+\s+){0,3}off\b|\bdisable\b", lowered):
            return False
        return (
            True if re.search(r"\b(?:turn|switch)(?:ed)?\s+(?:\w+\s+){0,3}on\b|\benable\b", lowered) else None
        )
    if param.words & {"on", "enabled", "enable", "active", "power"}:
        if re.search(r"\boff\b|\bdisable|\bdeactivate", lowered):
            return False
        if re.search(r"\bon\b|\benable|\bactivate", lowered):
            return True
    for mark in marks:
        root = re.escape(stem(mark))
        match = re.search(rf"(?<![a-z]){root}", lowered)
        if match:
            return not re.search(rf"{_NEGATED}[^.,;]{{0,20}}$", lowered[: match.start()])
    return None


def choice_for(param: Param, text: str) -> JSON:
    """The member of an enum that a text names; MISFIT if none or the schema has no enum."""
    choices = param.schema.get("enum")
    if param.type == "array":
        choices = js.main(param.schema.get("items"), param.root).get("enum")
    if not isinstance(choices, list):
        return js.MISFIT
    said = tokens(text)
    said_stems = {stem(word) for word in said}
    lowered = " " + " ".join(said) + " "
    best: tuple[int, JSON] | None = None
    for choice in choices:
        if not isinstance(choice, str):
            if (
                isinstance(choice, int | float)
                and not isinstance(choice, bool)
                and float(choice) in values.numbers(text)
            ):
                return choice
            continue
        words = list(name_words(choice))
        phrase = " " + " ".join(words) + " "
        if words and phrase in lowered and not (len(choice) <= 2 and choice not in text):
            position = lowered.index(phrase)
            if re.search(rf"{_NEGATED}\s*$", lowered[:position]):
                continue
            if best is None or position < best[0]:
                best = (position, choice)
        elif words and all(stem(w) in said_stems for w in words) and len(choice) > 2 and best is None:
            best = (10_000, choice)
    if best:
        return best[1]
    for code in [
        *values.find("state", text),
        *values.find("currency", text),
        *(LANGUAGES[v.lower()] for v in values.find("language", text)),
    ]:
        fitted = js.fit(code, {"enum": choices}, param.root)
        if fitted is not js.MISFIT:
            return fitted
    units = {"c": "celsius", "f": "fahrenheit", "metric": "celsius", "imperial": "fahrenheit"}
    for choice in choices:
        if isinstance(choice, str) and units.get(choice.lower()) in said:
            return choice
    return js.MISFIT


_THERE = re.compile(r"\b(?:there|it|that|this|same|again|those|them|him|her|his)\b", re.I)


def fill(tool: Tool, sources: Sources) -> Filling:
    """Find a tool's arguments.

    Returns:
        One argument set, or several if the text names several values for the one parameter that can
        tell them apart; `missing` lists the required parameters that nothing offers.
    """
    tool_text = f"{tool.name} {tool.description}"
    params = tool.params
    chosen: dict[str, JSON] = {}
    several: dict[str, list[JSON]] = {}
    missing: list[Param] = []
    found = 0
    numeric = [p for p in params if p.type in ("integer", "number") and "enum" not in p.schema]
    by_number: dict[str, float] = {}
    if numeric and not sources.outputs_first:
        by_number = numbers_for(numeric, sources.clause, loose=True)
        if sources.text != sources.clause and len(by_number) < len(numeric):
            rest = [p for p in numeric if p.name not in by_number]
            by_number |= numbers_for(rest, sources.text, loose=not by_number)
    used: list[JSON] = []
    groups: dict[str, int] = {}
    for param in params:
        if param.type in ("string", "any"):
            kind = kinds_of(param, tool_text)[0]
            groups[kind] = groups.get(kind, 0) + 1
    for param in params:
        value: JSON = js.MISFIT
        essential = param.required and not param.nullable and not param.has_default
        if sources.outputs_first:
            value = from_outputs(param, sources.outputs, tool_text)
        if value is js.MISFIT:
            value, extra = _from_text(param, sources, tool_text, groups, by_number, used, essential)
            if extra:
                several[param.name] = extra
        if value is js.MISFIT and essential:
            value = from_outputs(param, sources.outputs, tool_text)
        if value is js.MISFIT and essential and _THERE.search(sources.clause):
            value = _from_past(param, sources.past, tool_text)
        if value is js.MISFIT and essential:
            value = _from_facts(param, sources, tool_text)
        if value is not js.MISFIT:
            chosen[param.name] = value
            used.append(value)
            found += 1
            continue
        if not param.required:
            continue
        if param.has_default:
            chosen[param.name] = js.placeholder(param.raw, param.root)
        elif param.nullable:
            chosen[param.name] = None
        elif param.type == "boolean" or "const" in param.schema:
            chosen[param.name] = js.placeholder(param.raw, param.root)
        elif isinstance(param.schema.get("enum"), list) and param.schema["enum"]:
            chosen[param.name] = _usual(param.schema["enum"])
        elif param.type == "array" and not param.schema.get("minItems") and len(params) > 1:
            chosen[param.name] = []
        else:
            missing.append(param)
    sets = [chosen]
    if len(several) == 1 and not missing:
        ((name, alternatives),) = several.items()
        sets = [{**chosen, name: alternative} for alternative in [chosen[name], *alternatives]]
    return Filling(tuple(sets), tuple(missing), found)


def _usual(choices: Sequence[JSON]) -> JSON:
    for choice in choices:
        if str(choice).lower() in (
            "medium",
            "normal",
            "default",
            "standard",
            "auto",
            "any",
            "general",
            "other",
            "economy",
        ):
            return choice
    return choices[0]


def _from_text(
    param: Param,
    sources: Sources,
    tool_text: str,
    groups: Mapping[str, int],
    by_number: Mapping[str, float],
    used: Sequence[JSON],
    essential: bool,
) -> tuple[JSON, list[JSON]]:
    """A parameter's value in the text, and further ones that would do as well."""
    texts = [sources.clause] if sources.clause == sources.text else [sources.clause, sources.text]
    for text in texts:
        choice = choice_for(param, text)
        if choice is not js.MISFIT:
            return ([choice] if param.type == "array" else choice), []
    if isinstance(param.schema.get("enum"), list):
        return js.MISFIT, []
    if param.type in ("integer", "number"):
        if param.name in by_number:
            fitted = js.fit(by_number[param.name], param.schema, param.root)
            extra: list[JSON] = []
            if (
                essential
                and sum(1 for _ in by_number) == 1
                and not param.words & {"max", "min", "limit", "count"}
                and len(groups) == 0
            ):
                others = [n for n in values.numbers(sources.clause) if n != by_number[param.name]]
                if re.search(r"\band\b|,", sources.clause) and not _RANGE.search(sources.clause):
                    extra = [
                        f for f in (js.fit(n, param.schema, param.root) for n in others) if f is not js.MISFIT
                    ]
            return fitted, extra
        return js.MISFIT, []
    if param.type == "boolean":
        for text in texts:
            flag = flag_for(param, text)
            if flag is not None:
                return flag, []
        return js.MISFIT, []
    if param.type == "array":
        for text in texts:
            made = list_for(param, text, tool_text, essential)
            if made:
                fitted = js.fit(made, param.schema, param.root)
                if fitted is not js.MISFIT:
                    return fitted, []
        return js.MISFIT, []
    if param.type == "object":
        return _object_for(param, sources, tool_text), []
    if param.type not in ("string", "any"):
        return js.MISFIT, []
    kinds = kinds_of(param, tool_text)
    same = groups.get(kinds[0], 1)
    if kinds[0] in ("free", "noun") and not essential:
        label = label_value(param, sources.clause) or label_value(param, sources.text)
        return (js.fit(label, param.schema, param.root) if label else js.MISFIT), []
    for text in texts:
        base = text
        if (
            kinds[0] == "free"
            and text is not sources.text
            and (values.find("quoted", sources.text) or len(tokens(text)) < 4)
        ):
            base = sources.text
        candidates = find_strings(param, base, tool_text, alone=same == 1)
        if not candidates and kinds[0] == "id":
            loose = [i for i in values.find("id", text) if i not in used]
            known = label_value(param, sources.text) if sources.answering else None
            if known and js.fit(known, param.schema, param.root) is not js.MISFIT:
                candidates = [known]
            elif loose and (
                (sources.answering and text is sources.clause) or len(values.find("id", text)) >= same
            ):
                candidates = loose
        if (
            not candidates
            and sources.answering
            and text is sources.clause
            and kinds[0] in ("noun", "name", "person", "city", "place")
            and len(tokens(text)) <= 6
        ):
            candidates = [text.strip(" .!?")]
        if (
            kinds[0] in ("place", "city", "state")
            and SELF_PLACE.search(sources.clause)
            and text is not sources.clause
        ):
            candidates = []
        directed = (
            _directed(param, text)
            if same > 1 or param.words & {"from", "to", "origin", "destination", "source", "target"}
            else None
        )
        if directed:
            for candidate in candidates:
                if directed.lower().startswith(candidate.lower()) or candidate.lower() in directed.lower():
                    candidates = [candidate, *(c for c in candidates if c != candidate)]
                    break
            else:
                if kinds[0] == "currency":
                    candidates = [*values.find("currency", directed)[:1], *candidates]
                elif not candidates and essential:
                    candidates = [re.sub(r"^(?:my|the|our)\s+", "", directed.strip())]
        elif same > 1:
            candidates = [c for c in candidates if c not in used]
        fits = [f for f in (js.fit(c, param.schema, param.root) for c in candidates) if f is not js.MISFIT]
        if fits:
            many = (
                same == 1
                and essential
                and kinds[0] in ("state", "city", "place", "country", "ip", "email", "ticker", "url")
            )
            return fits[0], fits[1:8] if many else []
    return js.MISFIT, []


_FROM_WORDS = frozenset(["from", "origin", "source", "base", "departure", "start", "sender"])


_TO_WORDS = frozenset(["to", "destination", "target", "arrival", "end", "recipient"])


def _directed(param: Param, text: str) -> str | None:
    """The phrase after `from` or `to`, for parameters that are named so."""
    if param.words & _FROM_WORDS:
        match = _AFTER_FROM.search(text) or _BEFORE_TO.search(text)
    elif param.words & _TO_WORDS:
        match = _AFTER_TO.search(text) or _AFTER_IN.search(text)
    else:
        return None
    return match.group(1) if match else None


_AFTER_FROM = re.compile(r"\bfrom\s+(.{1,60}?)(?=\s+(?:to|into|on|at|for)\b|[.,;!?]|$)", re.I)


_BEFORE_TO = re.compile(r"(?:[\d.,]+\s*)?([\w$€£ ]{1,40}?)\s+(?:in|to|into)\s+\w+")


_AFTER_TO = re.compile(r"\b(?:to|into)\s+(.{1,60}?)(?=\s+(?:from|on|at|for|with|saying)\b|[.,;!?]|$)", re.I)


_AFTER_IN = re.compile(r"\bin\s+(.{1,40}?)(?=[.,;!?]|$)")


def list_for(param: Param, text: str, tool_text: str, essential: bool) -> list[JSON]:
    """The members of an array parameter that a text lists."""
    items = js.main(param.schema.get("items"), param.root)
    wanted = js.kind(items)
    if wanted in ("integer", "number"):
        return list(values.numbers(text)) if essential or label_value(param, text) else []
    if wanted == "object":
        return pairs(items, param.root, text)
    label = (name_words(param.name) or (param.name,))[-1].rstrip("s")
    listed = re.search(
        rf"\b{re.escape(label)}(?:s|es)?\s*(?::|=|are|is|of|like|named|called)?\s+"
        r"(?!and\b|or\b)([^.;:?!\n]+(?:\.\w[^.;:?!\n]*)*)",
        text,
        re.I,
    )
    kinds = kinds_of(param, tool_text)
    if kinds[0] not in ("free", "noun", "name", "person"):
        found = find_strings(param, text, tool_text, alone=True)
        if found:
            return list(found)
    if listed and re.search(r",|\band\b|:|=", listed.group(0)):
        return [
            part.strip(" '\"")
            for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", listed.group(1))
            if part.strip(" '\"")
        ][:50]
    if not essential and not param.words & {"participants", "attendees", "people", "names", "guests"}:
        return []
    quoted = values.find("quoted", text)
    if quoted:
        return list(quoted)
    found = values.find(
        "person"
        if kinds[0] == "person"
        or param.words & {"participants", "attendees", "people", "names", "guests", "members"}
        else "name",
        text,
    )
    if found:
        return list(found)
    after = re.search(r"(?::|\bfor|\bof|\bto|\bwith)\s+([^.?!:\n]+)", text, re.I)
    source = after.group(1) if after else ""
    parts = [part.strip() for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", source) if part.strip()]
    return list(parts) if len(parts) > 1 or (essential and parts) else []


def pairs(items: js.Schema, root: js.Schema, text: str) -> list[JSON]:
    """Objects of a name and a number: `2 apples and 3 bananas`."""
    properties = js.mapping(items.get("properties"))
    number = next(
        (n for n, s in properties.items() if js.kind(js.main(s, root)) in ("integer", "number")), None
    )
    name = next((n for n, s in properties.items() if js.kind(js.main(s, root)) == "string"), None)
    if name is None:
        return []
    out: list[JSON] = []
    for match in _PAIR.finditer(text):
        count = match.group(1).lower()
        amount = int(count) if count.isdigit() else values.NUMBER_WORDS.get(count, 1)
        thing = match.group(2).strip()
        if thing.split()[0].lower() in STOP:
            continue
        made: dict[str, JSON] = {name: thing}
        if number is not None:
            made[number] = amount
        whole = {**js.mapping(js.placeholder(items, root)), **made}
        if count in ("a", "an") and number is None:
            continue
        out.append(whole)
    return out


def _object_for(param: Param, sources: Sources, tool_text: str) -> JSON:
    """An object parameter, its properties filled like parameters of their own."""
    inner = Tool(param.name, tool_text, {**param.schema, "$defs": param.root.get("$defs", {})})
    if not inner.params:
        return js.MISFIT
    filling = fill(inner, sources)
    if filling.missing or not filling.found:
        return js.MISFIT
    return js.fit(filling.arguments[0], param.schema, param.root)


def _from_past(param: Param, past: Sequence[Step], tool_text: str) -> JSON:
    """The value an earlier turn used or returned: what `there`, `it` and `the same` mean."""
    for step in past:
        if param.name in step.arguments:
            fitted = js.fit(step.arguments[param.name], param.schema, param.root)
            if fitted is not js.MISFIT:
                return fitted
        kinds = set(kinds_of(param, tool_text))
        for name, value in step.arguments.items():
            other = Param(name, {"type": "string"}, {}, True)
            if isinstance(value, str) and kinds & (set(kinds_of(other)) - {"noun", "free"}):
                fitted = js.fit(value, param.schema, param.root)
                if fitted is not js.MISFIT:
                    return fitted
    return from_outputs(param, list(reversed(past)), tool_text)


_AT_HOME = re.compile(r"\bi live\b|\bhome\b|\bmy (?:city|state|town|area|place|region)\b", re.I)


_FACT_NAMES = {"name": "name", "user": "name", "customer": "name", "passenger": "name", "age": "age", 
               "city": "home",
               "home": "home", "state": "home", "location": "home", "place": "home"}  # fmt: skip


def _from_facts(param: Param, sources: Sources, tool_text: str) -> JSON:
    """A value the user told about themselves, where the parameter asks for it."""
    spoken = " ".join(w for w in name_words(param.name))
    direct = sources.facts.get(spoken)
    if direct and stems(spoken) != []:
        fitted = js.fit(direct, param.schema, param.root)
        if fitted is not js.MISFIT:
            return fitted
    for word in sorted(param.words):
        key = _FACT_NAMES.get(word)
        if not key or key not in sources.facts:
            continue
        if key == "home" and not _AT_HOME.search(sources.clause):
            continue
        if key == "name" and not param.words & {"name"}:
            continue
        value = f"in {sources.facts[key]}"
        for candidate in [*find_strings(param, value, tool_text, alone=True), sources.facts[key]]:
            fitted = js.fit(candidate, param.schema, param.root)
            if fitted is not js.MISFIT:
                return fitted
    return js.MISFIT
