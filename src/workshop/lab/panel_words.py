"""What a panel says: a process's state, the meter, and the code that does what was pressed."""

from __future__ import annotations

import keyword
import re
import signal
import sys
from collections.abc import Callable
from typing import Literal

from workshop.lab.gateway_client import FaultSpec, Meter
from workshop.lab.last_words import condensed
from workshop.lab.processes import Process

Tone = Literal["good", "bad", "neutral"]

LOG_LINES = 8

_READ = 200
"""Lines of the log's end that are read for it: a traceback may have a hundred."""

STOPPED = 130
"""The exit code of a script that Ctrl-C, or ``stop()``, has ended."""

_SERVICES = {"ip": "IP address", "geo": "location"}

_LONGEST_NAME = 12

# What terminals obey (colours, cursor movements); a page would show it as rubbish.
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")


def state(process: Process) -> tuple[str, Tone]:
    """The state of a process in words, without its pid, and how it is to be taken."""
    if process.running:
        return "running", "good"
    code = process.returncode
    if code is None:
        return "not started", "neutral"
    if code < 0:
        return f"killed ({signal.Signals(-code).name})", "bad"
    if code == STOPPED:
        return f"stopped, code {code}", "neutral"
    return f"ended with code {code}", "bad" if code else "neutral"


def log_lines(process: Process, count: int) -> list[str]:
    """The last lines that a process printed, without what only a terminal understands or a library's frames."""
    return [_TERMINAL.sub("", line) for line in condensed(process.last_lines(_READ))][-count:]


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 call``, ``1,352 calls``."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def services(meter: Meter) -> list[tuple[str, int]]:
    """Which services were called, and how often."""
    return [(_SERVICES.get(name, name), number) for name, number in meter.services.items() if number]


def meter_text(meter: Meter) -> str:
    """The meter in one line."""
    model = meter.model
    called = ", ".join(f"{name} {number:,}" for name, number in services(meter)) or "none"
    repeats = count(model.repeats, "repeat")
    return (
        f"model calls: {model.completed:,} completed, {repeats}, {model.failed:,} failed; services: {called}"
    )


def process_code(process: Process, action: str) -> str:
    """The line that does what a button of a process does: ``worker.kill()``."""
    name = variable(lambda value: value is process, first=process.name)
    return f"{name or f'lab.find_process({_quoted(process.name)})'}.{action}()"


def fault_code(spec: FaultSpec, name: str) -> str:
    """The line that stages a fault: ``cut = lab.fault("any", "refuse")``."""
    given = spec.model_dump(exclude_defaults=True, exclude={"route", "kind"})
    arguments = [_quoted(spec.route), _quoted(spec.kind)]
    arguments += [
        f"{key}={_quoted(value) if isinstance(value, str) else format(value, 'g')}"
        for key, value in given.items()
    ]
    return f"{name} = lab.fault({', '.join(arguments)})"


def fault_name(label: str) -> str:
    """A name for the fault with this label: ``cut`` for "Cut the network", ``bank_down`` for "Bank down"."""
    words = re.findall(r"[a-z0-9]+", label.lower()) or ["fault"]
    whole = "_".join(words)
    name = whole if len(whole) <= _LONGEST_NAME else words[0]
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"fault_{name}"


def variable(wanted: Callable[[object], bool], first: str = "") -> str | None:
    """The notebook's own name for a value: ``first`` if that is one of them, else the oldest one."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return None
    # A copy: a cell may define names while a button's thread looks. Those with _ are IPython's own.
    names = [name for name, value in list(shell.user_ns.items()) if name[0] != "_" and wanted(value)]
    return first if first in names else next(iter(names), None)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


__all__ = [
    "LOG_LINES",
    "STOPPED",
    "Tone",
    "count",
    "fault_code",
    "fault_name",
    "log_lines",
    "meter_text",
    "process_code",
    "services",
    "state",
    "variable",
]
