"""Measures: how much a number and its unit say, and in which unit a parameter wants it."""

from __future__ import annotations

import re

from workshop.practice.language.values import NUMBER_WORDS, QUANTITY
from workshop.practice.language.words import bag, stem

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_UNIT = "|".join(UNITS)
# How long something takes, in one or two units.
LASTS = re.compile(
    rf"(?:\b(half )?(?:an?(?= hour)|(?<=for )a(?= week|day))|{QUANTITY})[\s-]*({_UNIT})s?\b(?:['’]s?)?"
    rf"(?:\s+(?:and\s+)?{QUANTITY}[\s-]*({_UNIT})s?\b|(\s+and a half\b))?",
    re.I,
)


def in_unit(text: str, words: frozenset[str]) -> str:
    """A text that says how long in the unit among some words: `90 minutes` for `1 hour and 30 minutes`."""
    units = [one for one in UNITS if f"{one}s" in words]  # an `hour` is one of the day
    unit = units[0] if len(units) == 1 else ""
    if not unit:
        return text
    own = re.search(rf"\b{unit}s?\b", text, re.I)

    def said(match: re.Match[str]) -> str:
        half, count, whole, more, part, and_half = match.groups()
        if own and not part:
            return match[0]
        first = (0.5 if half else 1 if count is None else amount(count)) + (0.5 if and_half else 0)
        seconds = first * UNITS[whole.lower()] + (amount(more) * UNITS[part.lower()] if part else 0)
        return f"{seconds / UNITS[unit]:g} {unit}s"

    return LASTS.sub(said, text)


_MEASURES = [
    [bag(unit) for unit in row.split("|")]
    for row in (
        "g gram grams|kg kilogram kilograms kilos|lb lbs pound pounds|oz ounce ounces|tonne tonnes",
        "cm centimetre centimetres centimeter centimeters|m metre metres meter meters|km kilometre kilometres kilometer"
        " kilometers|mile miles|ft foot feet|inch inches|yard yards|mm",
        "ml millilitre millilitres|l litre litres liter liters|gallon gallons",
    )
]
_DEGREES = [bag("celsius"), bag("fahrenheit"), bag("kelvin")]
_OTHERS = bag("month year half percent euro dollar franc cent piece")
# The stems of units by which something is counted or weighed. No degrees: `in kelvin` chooses.
MEASURED = (
    frozenset(stem(word) for row in _MEASURES for unit in row for word in unit) | _OTHERS | UNITS.keys()
)


def counts_one(text: str) -> bool:
    """Whether a text says how many of a unit: `two weeks`."""
    return any(
        stem(found[2].lower()) in MEASURED for found in re.finditer(rf"{QUANTITY}\s+([a-z]+)", text, re.I)
    )


def other_measure(number: object, text: str, described: str) -> bool:
    """Whether a text gives a number in another unit than a description asks for: `500 grams` for kilograms."""
    wanted = {word.lower() for word in re.findall(r"[A-Za-z]+", described)}
    said = re.search(
        rf"(?<![\w.]){re.escape(f'{number:g}' if isinstance(number, float) else str(number))}\s*([A-Za-z]+)",
        text,
    )
    unit = said[1].lower() if said else ""
    return any(
        any(unit in one and not one & wanted for one in row) and any(one & wanted for one in row)
        for row in [*_MEASURES, _DEGREES]
    )


def amount(said: str) -> float:
    """The number that a digit or a word says."""
    return float(NUMBER_WORDS.get(said.lower(), 0) or said.replace(",", ""))
