"""What a panel shows at one moment, and the same as text and as a table, for a page without widgets."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workshop.lab.fault_words import in_short
from workshop.lab.gateway_client import FaultSpec, FaultState, Meter
from workshop.lab.panel_words import Tone, meter_text, services

Action = Literal["start", "kill", "restart", "stop"]

_SPEC_FIELDS = tuple(FaultSpec.model_fields)


@dataclass(frozen=True)
class Reading:
    """What the gateway told last; ``error`` if it did not."""

    meter: Meter | None = None
    faults: tuple[FaultState, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class ShownProcess:
    """What a panel tells of one process."""

    name: str
    state: str
    tone: Tone
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ShownFault:
    """What a panel tells of one fault: whether it is on, what it has done, what it does."""

    on: bool
    hits: str
    effect: str


@dataclass(frozen=True)
class Shown:
    """All that a panel tells at one moment. Two that are equal look the same.

    Attributes:
        processes: One for each process.
        faults: One for each switch.
        others: Faults that were staged by code and have no switch.
        meter: Amounts with their names, or one text where there are none.
        done: What the last press did.
        failed: Whether that is an error.
        code: The line of Python that does the same.
    """

    processes: tuple[ShownProcess, ...]
    faults: tuple[ShownFault, ...]
    others: str
    meter: tuple[tuple[str, str], ...] | str
    done: str
    failed: bool
    code: str


def alike(spec: FaultSpec, faults: Iterable[FaultState]) -> list[FaultState]:
    """Those of these faults that do just what this one is to do, and do it now."""
    return [
        fault
        for fault in faults
        if fault.active and all(getattr(fault, name) == getattr(spec, name) for name in _SPEC_FIELDS)
    ]


def others(reading: Reading, specs: Iterable[FaultSpec]) -> list[str]:
    """The faults that none of these switches has staged, in short."""
    own = [fault.id for spec in specs for fault in alike(spec, reading.faults)]
    return [in_short(fault) for fault in reading.faults if fault.id not in own]


def amounts(reading: Reading) -> tuple[tuple[str, str], ...] | str:
    """The meter as amounts with their names; one text if it could not be read."""
    if reading.meter is None:
        return reading.error
    model = reading.meter.model
    amounts = [
        (f"{model.completed:,}", f"model {'call' if model.completed == 1 else 'calls'} completed"),
        (f"{model.repeats:,}", "of them paid twice"),
        (f"{model.failed:,}", "failed"),
    ]
    if model.in_flight:
        amounts.append((f"{model.in_flight:,}", "under way"))
    called = services(reading.meter)
    total = sum(number for _, number in called)
    amounts.append((f"{total:,}", f"service {'call' if total == 1 else 'calls'}"))
    if called:
        name = ", ".join(f"{name} {number:,}" for name, number in called)
        amounts[-1] = (amounts[-1][0], f"{amounts[-1][1]} ({name})")
    return tuple(amounts)


def as_text(processes: Sequence[tuple[str, str]], reading: Reading, switches: Mapping[str, FaultSpec]) -> str:
    """All of it in one line: nothing in it differs between two runs that went the same way.

    Args:
        processes: Their names, with their states in words.
        reading: What the gateway told last.
        switches: The faults that have a switch, by label.
    """
    parts = [f"{name}: {words}" for name, words in processes]
    if reading.error:
        parts.append("the gateway does not answer")
    else:
        on = [label for label, spec in switches.items() if alike(spec, reading.faults)]
        faults = ", ".join([*on, *others(reading, switches.values())]) or "none"
        parts += [f"faults: {faults}"] if switches else []
        parts += [meter_text(reading.meter)] if reading.meter else []
    return "; ".join(parts)


def as_table(text: str) -> str:
    """The same as HTML.

    Args:
        text: What :func:`as_text` made.
    """
    rows = [part.partition(": ") for part in text.split("; ")]
    cells = "\n".join(
        f'<tr><th scope="row" style="text-align: left">{html.escape(name)}</th>'
        f'<td style="text-align: left">{html.escape(words)}</td></tr>'
        for name, _, words in rows
    )
    caption = "Panel. Its buttons appear when you run this cell."
    return f'<table>\n<caption style="text-align: left">{caption}</caption>\n<tbody>\n{cells}\n</tbody>\n</table>'


__all__ = [
    "Action",
    "Reading",
    "Shown",
    "ShownFault",
    "ShownProcess",
    "alike",
    "amounts",
    "as_table",
    "as_text",
    "others",
]
