"""``lab.panel(worker)``: start, kill and restart a notebook's processes, break what they call, and watch."""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from workshop import settings as workshop_settings
from workshop.errors import LabError
from workshop.lab.fault_words import effect, way_out
from workshop.lab.faults import Fault
from workshop.lab.gateway_client import FaultSpec, GatewayClient
from workshop.lab.panel_shown import (
    Action,
    Reading,
    Shown,
    ShownFault,
    ShownProcess,
    alike,
    amounts,
    as_table,
    as_text,
    others,
)
from workshop.lab.panel_words import (
    LOG_LINES,
    count,
    fault_code,
    fault_name,
    log_lines,
    process_code,
    state,
    variable,
)
from workshop.lab.processes import Process, all_processes

if TYPE_CHECKING:
    from workshop.lab.panel_face import Face

DEFAULT_FAULTS: Mapping[str, Mapping[str, Any]] = {
    "Cut the network": {"route": "any", "kind": "refuse"},
    "Rate limit": {"route": "model", "kind": "rate_limit", "retry_after": 2},
    "Bank down": {"route": "bank", "kind": "refuse"},
}

_LOOK_EVERY = 0.25
"""Seconds between looks at the processes, which cost no more than a look at the size of a log."""

_READ_EVERY = 0.5
"""Seconds between readings of the gateway while something happens."""

_READ_IDLE = 2.0
"""The same when nothing has for a while."""

_IDLE_AFTER = 20.0

_TIMEOUT = 2.0
"""Seconds that the gateway may take; it answers in milliseconds or it is not there."""

_open: list[Panel] = []


@dataclass
class _Row:
    """A process of the panel. ``followed``: the notebook's process of that name, whichever that is now."""

    process: Process
    followed: bool
    stopping: bool = False

    def current(self) -> Process:
        if self.followed:
            self.process = all_processes().get(self.process.name, self.process)
        return self.process


class Panel:
    """Buttons for processes, switches for faults, and the meter. Made by :func:`panel`.

    A cell that ends with it shows it, live; where there are no widgets, its text.
    """

    def __init__(self, rows: list[_Row], faults: Mapping[str, FaultSpec], *, meter: bool) -> None:
        self._rows = rows
        self._faults = dict(faults)
        self._with_meter = meter
        settings = workshop_settings.load()
        self._client = GatewayClient(
            settings.gateway_url, settings.gateway_token(), settings.scope, timeout=_TIMEOUT
        )
        # One thread for all that is asked of the gateway: what is told can then never be older than what
        # was done, and the notebook's loop waits for none of it.
        self._asking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="panel")
        # Buttons may call from a thread of their own (a kernel's subshell).
        self._lock = threading.RLock()
        self._reading = Reading()
        self._own: set[str] = set()  # faults that this panel staged, and will clear
        self._wanted: dict[str, bool] = {}  # switches that were pressed, while the gateway is being asked
        self._said = ("", False, "")
        self._over = ""
        self._shown: Shown | None = None
        self._news = time.monotonic()
        self._face: Face | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._read()
        if os.environ.get("WORKSHOP_VIEWS") != "static":
            self._make_live()

    def _make_live(self) -> None:
        from workshop.lab.panel_face import Face

        self._face = Face(
            [(row.process.name, self._coder(row)) for row in self._rows],
            {label: fault_code(spec, fault_name(label)) for label, spec in self._faults.items()},
            meter=self._with_meter,
            press=self.press,
            switch=self.switch,
        )
        self._render()
        # Outside a notebook there may be no loop; then the panel is as it was when it was made.
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
            self._task = self._loop.create_task(self._watch(), name="panel")

    @staticmethod
    def _coder(row: _Row) -> Callable[[Action], str]:
        return lambda action: process_code(row.current(), action)

    @property
    def closed(self) -> bool:
        """Whether it has been closed, or replaced by a newer one."""
        return bool(self._over)

    def press(self, place: int, action: Action) -> None:
        """Do what a button does. It raises nothing: what went wrong is shown in the panel.

        Args:
            place: Which process, from 0.
            action: ``"start"``, ``"kill"``, ``"restart"`` or ``"stop"``.
        """
        if self.closed:
            return
        row = self._rows[place]
        process = row.current()
        code = process_code(process, action)
        try:
            if row.stopping and action != "kill":
                self._say(f"{process.name} is being stopped; wait until it has ended, or kill it.", code)
            elif action == "stop" and process.running:
                # It may take its time to clean up.
                row.stopping = True
                self._say(f"{process.name} was asked to end.", code)
                threading.Thread(target=self._stop, args=(row, process, code), daemon=True).start()
            else:
                self._say(_do(process, action), code)
        except Exception as error:
            self._say(_told(error), code, failed=True)

    def _stop(self, row: _Row, process: Process, code: str) -> None:
        try:
            process.stop()
            self._say(f"{process.name} was asked to end: {state(process)[0]}.", code)
        except Exception as error:
            self._say(_told(error), code, failed=True)
        finally:
            row.stopping = False

    def switch(self, label: str, on: bool) -> None:
        """Stage a fault or clear it, in the background. It raises nothing, as :meth:`press`."""
        if not self.closed:
            self._wanted[label] = on
            with contextlib.suppress(RuntimeError):  # closed by another thread this moment
                self._asking.submit(self._set, label, on)

    def _set(self, label: str, on: bool) -> None:
        spec = self._faults[label]
        name = fault_name(label)
        code = fault_code(spec, name)
        try:
            if on:
                self._own.add(self._client.add_fault(spec).id)
                self._say_later(f"{label}: on.", code)
            else:
                matching = [fault.id for fault in alike(spec, self._client.faults())]
                for fault in matching:
                    self._client.clear_fault(fault)
                self._own.difference_update(matching)
                known = variable(lambda value: isinstance(value, Fault) and value.id in matching)
                # Nobody has typed the first of the two lines: so both are shown.
                self._say_later(
                    f"{label}: off.", f"{known}.clear()" if known else f"{name}.clear()  # {code}"
                )
        except Exception as error:
            self._say_later(_told(error), code, failed=True)
        self._read()
        with self._lock:
            if self._wanted.get(label) == on:
                del self._wanted[label]
            self._shown = None  # the box may show what the learner wanted and did not get
        self._render_soon()

    def close(self) -> None:
        """Stop watching, and clear the faults that were staged here. The processes go on."""
        self._end("This panel is closed. Run its cell again for a new one.")

    def _end(self, text: str) -> None:
        with self._lock:
            if self.closed:
                return
            self._over = text
        if self in _open:
            _open.remove(self)
        if self._task is not None and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)
        cleared: Future[bool] = self._asking.submit(self._clear)
        self._asking.shutdown(wait=False)
        with contextlib.suppress(TimeoutError):
            if cleared.result(timeout=3 * _TIMEOUT):
                self._over = f"{text} The faults that it had set are cleared."
        if self._face is not None:
            with self._lock:
                self._face.end(self._over)

    def _clear(self) -> bool:
        """Clear what this panel staged; whether that was anything."""
        own, self._own = sorted(self._own), set()
        # A gateway that is gone has no faults either.
        with contextlib.suppress(LabError), self._client:
            for fault in own:
                self._client.clear_fault(fault)
        return bool(own)

    def _say(self, text: str, code: str, *, failed: bool = False) -> None:
        self._say_later(text, code, failed=failed)
        self._render_soon()

    def _say_later(self, text: str, code: str, *, failed: bool = False) -> None:
        with self._lock:
            self._said = (text, failed, code)
            self._news = time.monotonic()

    def _read(self) -> None:
        if not (self._with_meter or self._faults):
            return
        try:
            meter = self._client.meter() if self._with_meter else None
            faults = tuple(fault for fault in self._client.faults() if fault.active)
            reading = Reading(meter, faults)
        except LabError as error:
            reading = Reading(error=str(error))
        except Exception as error:  # closed meanwhile, or the machine has no sockets left
            reading = Reading(error=_told(error))
        with self._lock:
            self._reading = reading

    async def _watch(self) -> None:
        reading: Future[None] | None = None
        read_at = 0.0
        while not self.closed:
            try:
                now = time.monotonic()
                if now >= read_at and (reading is None or reading.done()):
                    reading = self._asking.submit(self._read)
                    read_at = now + (_READ_EVERY if now - self._news < _IDLE_AFTER else _READ_IDLE)
                self._render()
            except Exception as error:
                self._say_later(f"The panel could not update: {_told(error)}", "", failed=True)
            await asyncio.sleep(_LOOK_EVERY)

    def _render_soon(self) -> None:
        # In the loop's own thread where there is one: widgets are not made to be changed from several.
        here = None
        with contextlib.suppress(RuntimeError):
            here = asyncio.get_running_loop()
        if self._loop is None or self._loop is here or self._loop.is_closed():
            self._render()
        else:
            self._loop.call_soon_threadsafe(self._render)

    def _render(self) -> None:
        with self._lock:
            if self._face is None or self.closed:
                return
            shown = self._look()
            if shown != self._shown:
                self._shown = shown
                self._news = time.monotonic()
                self._face.show(shown)

    def _look(self) -> Shown:
        processes = []
        for row in self._rows:
            process = row.current()
            words, tone = state(process)
            if process.running:
                if row.stopping:
                    words = "stopping"
                elif not process.ready:
                    words = "starting"
                words = f"{words}, pid {process.pid}"
            lines = tuple(log_lines(process, LOG_LINES))
            processes.append(ShownProcess(process.name, words, tone, lines))
        reading = self._reading
        faults = []
        for label, spec in self._faults.items():
            active = alike(spec, reading.faults)
            hits = sum(fault.hits for fault in active)
            on = self._wanted.get(label, bool(active))
            faults.append(ShownFault(on, f", hit {count(hits, 'call')}", effect(spec)))
        text, failed, code = self._said
        staged = others(reading, self._faults.values())
        also = ", ".join(staged)
        if also:
            also = f"Also active, set by code: {also}. {way_out(len(staged))}"
        elif not self._with_meter:
            also = reading.error
        return Shown(
            processes=tuple(processes),
            faults=tuple(faults),
            others=also,
            meter=amounts(reading),
            done=text,
            failed=failed,
            code=code,
        )

    def text(self) -> str:
        """What it tells, in one line: nothing in it differs between two runs that went the same way."""
        if self.closed:
            return f"Panel: {self._over}"
        return f"Panel: {self._as_text()}"

    def html(self) -> str:
        """The same for a page without widgets."""
        return f"<p>{html.escape(self._over)}</p>" if self.closed else as_table(self._as_text())

    def _as_text(self) -> str:
        processes = [(row.current().name, state(row.process)[0]) for row in self._rows]
        return as_text(processes, self._reading, self._faults)

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self._task is None and not self.closed:
            self._read()
        bundle: dict[str, Any] = {"text/plain": self.text(), "text/html": self.html()}
        if self._face is not None:
            view = self._face.root._repr_mimebundle_()
            bundle = {**view, **bundle}
        return bundle


def panel(
    *processes: Process, faults: Mapping[str, Mapping[str, Any]] | None = None, meter: bool = True
) -> Panel:
    """Show buttons for processes, switches for faults, and the meter; as a cell's last line.

    A newer panel over one of the same processes takes the place of the older one.

    Args:
        processes: What ``lab.process`` returned, also with ``start=False``. None: every process of this
            notebook. After a process has been made anew under its name, the panel shows the new one.
        faults: The switches: a label for each, and the arguments for ``lab.fault``, such as
            ``{"Bank down": {"route": "bank", "kind": "refuse"}}``. Unless given: the network, the rate
            limit and the bank; an empty dict for none.
        meter: Whether to show the meter.

    Raises:
        LabError: that is no process, or a fault cannot be staged as it is described.
    """
    for process in processes:
        if not isinstance(process, Process):
            raise LabError(
                f"lab.panel: {process!r} is not a process. Pass what lab.process returns: "
                'worker = lab.process("my/worker.py", start=False), then lab.panel(worker).'
            )
    known = all_processes()
    rows = [
        _Row(process, followed=known.get(process.name) is process)
        for process in dict.fromkeys(processes or known.values())
    ]
    specs = {
        label: _spec(label, given) for label, given in (DEFAULT_FAULTS if faults is None else faults).items()
    }
    names = {row.process.name for row in rows}
    for older in list(_open):
        theirs = {row.process.name for row in older._rows}
        if names & theirs or names == theirs:
            older._end("This panel was replaced by a newer one.")
    made = Panel(rows, specs, meter=meter)
    _open.append(made)
    return made


def _spec(label: str, given: Mapping[str, Any]) -> FaultSpec:
    try:
        return FaultSpec.model_validate(dict(given), extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise LabError(f"lab.panel: fault {label!r}: {where}: {first['msg']}") from None


def _do(process: Process, action: Action) -> str:
    """Do it, and tell what happened."""
    name = process.name
    if action == "start":
        if process.running:
            return f"{name} is running already."
        process.start(wait=False)
        return f"{name} was started."
    if action == "restart":
        killed = process.running
        process.restart(wait=False)
        return f"{name} was killed and started again." if killed else f"{name} was started again."
    if not process.running:
        return f"{name} is not running: there is nothing to {action}."
    process.kill()
    return f"{name} was killed: it had no chance to clean up."


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, LabError) else f"{type(error).__name__}: {error}"


__all__ = ["DEFAULT_FAULTS", "Panel", "panel"]
