"""What a lesson starts, breaks and measures: ``from workshop import lab``.

The names are loaded when they are used: a process started by a lesson imports this package first, and should
not pay for what it does not need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.errors import LabError, LabTimeout
    from workshop.lab.asides import Aside, aside, crowd
    from workshop.lab.desk import Desk, approvals
    from workshop.lab.faults import Fault, clear_faults, fault, meter, reset_meter
    from workshop.lab.gateway_client import Meter
    from workshop.lab.leftovers import end_runs
    from workshop.lab.links import link, web_ui
    from workshop.lab.no_result import NoResultYet
    from workshop.lab.panels import Panel, panel
    from workshop.lab.private_server import TemporalServer, temporal_server
    from workshop.lab.processes import Process, ProcessError, find_process, process
    from workshop.lab.programs import time_skipping_server
    from workshop.lab.results import WorkflowFailed, answer, result
    from workshop.lab.session import start
    from workshop.lab.spans import spans
    from workshop.lab.standing_in import stand_in
    from workshop.lab.task_retries import retry_task
    from workshop.lab.tls_front import TlsFront, tls_front
    from workshop.lab.traces import flush_traces

# name -> module, as seen from here
_HOMES = {
    "Aside": ".asides",
    "aside": ".asides",
    "crowd": ".asides",
    "Desk": ".desk",
    "approvals": ".desk",
    "LabError": "workshop.errors",
    "LabTimeout": "workshop.errors",
    "Fault": ".faults",
    "clear_faults": ".faults",
    "fault": ".faults",
    "meter": ".faults",
    "reset_meter": ".faults",
    "Meter": ".gateway_client",
    "end_runs": ".leftovers",
    # By name: the game's room lies above this one.
    "game_day": "workshop.game.day",
    "link": ".links",
    "web_ui": ".links",
    "Panel": ".panels",
    "panel": ".panels",
    "TemporalServer": ".private_server",
    "temporal_server": ".private_server",
    "Process": ".processes",
    "ProcessError": ".processes",
    "find_process": ".processes",
    "process": ".processes",
    "NoResultYet": ".no_result",
    "WorkflowFailed": ".results",
    "answer": ".results",
    "result": ".results",
    "retry_task": ".task_retries",
    "time_skipping_server": ".programs",
    "TlsFront": ".tls_front",
    "tls_front": ".tls_front",
    "start": ".session",
    "spans": ".spans",
    "stand_in": ".standing_in",
    "flush_traces": ".traces",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)


__all__ = [
    "Aside",
    "Desk",
    "Fault",
    "LabError",
    "LabTimeout",
    "Meter",
    "NoResultYet",
    "Panel",
    "Process",
    "ProcessError",
    "TemporalServer",
    "TlsFront",
    "WorkflowFailed",
    "answer",
    "approvals",
    "aside",
    "clear_faults",
    "crowd",
    "end_runs",
    "fault",
    "find_process",
    "flush_traces",
    "game_day",
    "link",
    "meter",
    "panel",
    "process",
    "reset_meter",
    "result",
    "retry_task",
    "spans",
    "stand_in",
    "start",
    "temporal_server",
    "time_skipping_server",
    "tls_front",
    "web_ui",
]
