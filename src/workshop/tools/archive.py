"""The archive: a handbook and a register of storms, too large for a prompt. All of it is made up.

The files are made when they are first asked for, the same each time, and kept in the state directory.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from workshop import settings
from workshop.tools.pdf_file import pdf
from workshop.tools.xlsx_file import xlsx

PAGES = 320
ENTRIES = 30_000

_FOLDER = "archive-1"
"""A number that goes up with every change of what is in the files."""

_TOPICS = (
    "hail", "floods", "tornadoes", "blizzards", "droughts", "lightning", "dust storms", "avalanches",
    "landslides", "wildfires", "heat waves", "ice storms", "high winds", "fog", "storm surges", "tsunamis",
)  # fmt: skip
_FIRST_YEAR = 1950
_YEARS = 76
_PLACES = (
    "Harris",
    "Travis",
    "Kern",
    "Marin",
    "Suffolk",
    "Erie",
    "Duval",
    "Polk",
    "Boulder",
    "Mesa",
    "King",
    "Clark",
)
_STATES = ("TX", "TX", "CA", "CA", "NY", "NY", "FL", "FL", "CO", "CO", "WA", "WA")
_ADVICE = (
    "Those who live near {place} should know what {topic} can do, and what a warning means.",
    "In {year} an observer in {place} wrote that {topic} had come without a sign.",
    "The county of {place} keeps a list of who needs help when {topic} are expected.",
    "After the {topic} of {year} the roads around {place} were closed for {number} days.",
    "A drill for {topic} takes {number} minutes, and is held in {place} each spring.",
    "Shelters in {place} are marked; against {topic} they have helped since {year}.",
)


def document(name: str) -> Path:
    """Where a document of the archive lies.

    Args:
        name: ``handbook.pdf``, 320 pages about sixteen dangers, or ``register.xlsx``, 30,000 storms.

    Raises:
        ValueError: there is none of this name.
        OSError: it cannot be written.
    """
    if name not in _MAKERS:
        raise ValueError(f"The archive has no {name!r}; it has {' and '.join(_MAKERS)}.")
    path = settings.load().state_dir / _FOLDER / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may make it at once: each writes its own, and the last one's stays.
        part = path.with_name(f".{name}.{os.getpid()}")
        part.write_bytes(_MAKERS[name]())
        part.replace(path)
    return path


def _handbook() -> bytes:
    return pdf([list(_page(number)) for number in range(1, PAGES + 1)])


def _page(number: int) -> Iterator[str]:
    dice = random.Random(number)  # noqa: S311 - the same text each time, not a secret
    topic = _TOPICS[(number - 1) * len(_TOPICS) // PAGES]
    section = (number - 1) % (PAGES // len(_TOPICS)) + 1
    yield f"Handbook of weather dangers, page {number}"
    yield f"{topic.capitalize()}, section {section}"
    yield ""
    if section == 1:
        yield f"The rule for {topic}: warn {dice.randrange(10, 90)} minutes ahead, and count who is missing."
    for _ in range(36):
        yield dice.choice(_ADVICE).format(
            topic=topic,
            place=dice.choice(_PLACES),
            year=_FIRST_YEAR + dice.randrange(_YEARS),
            number=dice.randrange(2, 60),
        )


def _register() -> bytes:
    return xlsx("Storms", _entries())


def _entries() -> Iterator[tuple[str | int, ...]]:
    dice = random.Random(7)  # noqa: S311
    yield ("year", "state", "county", "what", "damage", "remark")
    for number in range(ENTRIES):
        place = dice.randrange(len(_PLACES))
        topic = dice.choice(_TOPICS)
        remark = dice.choice(_ADVICE).format(
            topic=topic,
            place=_PLACES[place],
            year=_FIRST_YEAR + dice.randrange(_YEARS),
            number=dice.randrange(2, 60),
        )
        year = _FIRST_YEAR + number * _YEARS // ENTRIES
        yield (year, _STATES[place], _PLACES[place], topic, dice.randrange(1, 900) * 1000, remark)


_MAKERS: dict[str, Callable[[], bytes]] = {"handbook.pdf": _handbook, "register.xlsx": _register}

__all__ = ["ENTRIES", "PAGES", "document"]
