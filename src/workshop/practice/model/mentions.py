"""What a text mentions for one parameter: a number tied to it, a switch, a choice, a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from workshop.practice.model import arithmetic, json_schema, values
from workshop.practice.model.decision import Found
from workshop.practice.model.lexicon import LANGUAGES
from workshop.practice.model.params import Param
from workshop.practice.model.phrases import find_strings
from workshop.practice.model.values import QUANTITY, RANGE
from workshop.practice.model.words import STOP, bag, name_words, stem, tokens

JSON = Any

_NEGATED = r"(?:\bno|\bnot|\bwithout|n't|\bdisable|\boff\b|\bnever|\bdon't)"
_MOST = re.compile(
    r"(?:top|first|last|latest|up to|at most|max(?:imum)?(?: of)?|limit(?: of)?(?: to)?|under|below|no more than"
    rf"|less than)\s+\$?{QUANTITY}",
    re.I,
)
_LEAST = re.compile(rf"(?:at least|min(?:imum)?(?: of)?|over|above|more than|from)\s+\$?{QUANTITY}", re.I)
_LOW, _HIGH = bag("min minimum low lower start from"), bag("max maximum high upper end to limit")
_LIMITED = bag("max min maximum limit count n k top num results upper high")


_VAGUE = bag("number id n x y a b value num i k")


def _amount(said: str) -> float:
    word = values.NUMBER_WORDS.get(said.lower())
    return float(said.replace(",", "")) if word is None else float(word)


def _tied(param: Param, text: str) -> Iterator[tuple[float, str]]:
    """The numbers a text ties to a parameter: by label or unit, by a range, by a limit; with the words that do."""
    if "year" in param.words:
        for match in re.finditer(r"(?<![\w.,/-])([12]\d{3})(?![\w/-]|[.,]\d)", text):
            yield float(match.group(1)), match.group(0)
        return
    said, plain = name_words(param.name), values.mask_times(text)
    labels = [word for word in said if len(word) > 1 and word not in STOP | _LIMITED | {"number", "id"}]
    for label in labels or [word for word in said if word in _LIMITED | {"number"}]:
        root = re.escape(stem(label) if len(stem(label)) > 2 else label)
        after = rf"(?<![a-z]){root}\w*[\s:=]*(?:(?:of|is|to|at|by|for|as)\s+)?\$?{QUANTITY}"
        for pattern in (rf"{QUANTITY}[\s-]*{root}", after, rf"{QUANTITY}\s+\w+\s+{root}"):
            if tied := re.search(pattern, plain, re.I):
                yield _amount(tied.group(1)), tied.group(0)
    if param.words & {"sides", "faces"} and (die := re.search(r"\bd(\d+)\b", text, re.I)):
        yield float(die.group(1)), die.group(0)
    for words, limits, group in (
        (_LOW, RANGE, 1),
        (_HIGH, RANGE, 2),
        (_LIMITED - _LOW, _MOST, 1),
        (_LOW, _LEAST, 1),
    ):
        found = limits.search(text) if param.words & words else None
        if found and found.group(group):
            yield _amount(found.group(group)), found.group(0)


def numbers_for(params: Sequence[Param], text: str, *, loose: bool, named: bool = False) -> dict[str, Found]:
    """Which number of a text belongs to which numeric parameter: by label, unit and range, then by order.

    Args:
        params: The numeric parameters of a tool.
        text: Where to look.
        loose: Whether required parameters may take numbers that nothing ties to them. They do so only if
            there are just as many numbers as parameters.
        named: Whether a number after a name counts (`Pay Ana 30`).
    """
    out: dict[str, Found] = {}
    named = named or any(param.words <= _VAGUE for param in params)
    left = arithmetic.in_order(text, values.numbers(values.QUOTED.sub(" ", text), named=named))
    for param in params:
        for number, words in _tied(param, text):
            fitted = param.fit(number)
            if fitted is not json_schema.MISFIT and param.name not in out:
                out[param.name] = Found(fitted, f"from '{words.strip()[:60]}'")
                if number in left:
                    left.remove(number)
    free = [
        p for p in params if p.name not in out and "year" not in p.words and (p.essential or len(params) == 1)
    ]
    if loose and free and len(left) == len(free):
        fitted_all = [param.fit(number) for param, number in zip(free, left, strict=True)]
        link = "the only number said" if len(left) == 1 else "the numbers in the order said"
        if json_schema.MISFIT not in fitted_all:
            out |= {p.name: Found(value, link) for p, value in zip(free, fitted_all, strict=True)}
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
    """The member of an enum that a text names; MISFIT if none, or the schema has no enum."""
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


_PEOPLE = bag("participants attendees people names guests members")
_SEPARATOR = re.compile(r",\s*(?:and\s+)?|\s+and\s+")


def list_for(param: Param, text: str, *, essential: bool) -> list[JSON]:
    """The members of an array parameter that a text lists."""
    wanted = json_schema.kind(param.items)
    if wanted in ("integer", "number"):
        return list(values.numbers(text)) if essential or param.labelled(text) else []
    if wanted == "object":
        return []
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
    quoted = values.find("quoted", text)
    if listed and not quoted and re.search(r",|\band\b|:|=", listed.group(0)):
        return [part for raw in _SEPARATOR.split(listed.group(1)) if (part := raw.strip(" '\""))][:50]
    persons = param.kind == "person" or bool(param.words & _PEOPLE)
    if not essential and not persons:
        return []
    named = quoted or values.find("person" if persons else "name", text)
    if named:
        return list(named)
    after = re.search(r"(?::|\bfor|\bof|\bwith)\s+([^.?!:\n]+)", text, re.I) or re.search(
        r"^\W*\w+\s+([^.?!:\n]+?(?:,|\sand)\s[^.?!:\n]+?)(?=\s+(?:to|on|in|into)\b|[.?!:\n]|$)", text
    )
    return [part.strip() for part in _SEPARATOR.split(after.group(1)) if part.strip()] if after else []
