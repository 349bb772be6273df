"""The panel: real processes behind its buttons, a real gateway behind its switches, in a real kernel."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from tests.lab.ended import gone
from tests.lab.kernels import Kernel
from tests.lab.learner_scripts import write
from tests.lab.widgets import words_in
from tests.waiting import until
from workshop import lab
from workshop.lab import panels
from workshop.lab.gateway_client import GatewayClient
from workshop.lab.panel_face import KILL
from workshop.lab.ports import free_port
from workshop.settings import Settings

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")

WORKER = """
    import time
    print("\\x1b[32mready\\x1b[0m <b>not bold</b>", flush=True)
    time.sleep(600)
"""

SLOW_TO_END = """
    import signal, time
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def notebook(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook of its own, with a scope of its own, that shows live views."""
    monkeypatch.setenv("WORKSHOP_SCOPE", f"panel-{uuid.uuid4().hex[:8]}")
    monkeypatch.delenv("WORKSHOP_VIEWS", raising=False)


@pytest.fixture(autouse=True)
async def no_panel_is_left() -> AsyncIterator[None]:
    """Closes the panels of a test, and sees to it that neither tasks nor threads stay behind."""
    yield
    for panel in list(panels._open):
        panel.close()
    await until(lambda: not watchers() and not asking())


def watchers() -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "panel"]


def asking() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("panel")]


def words(panel: lab.Panel) -> str:
    """All that the widgets of a panel say."""
    return words_in(panel._face.root)


async def said(panel: lab.Panel, *texts: str) -> None:
    await until(lambda: all(text in words(panel) for text in texts), told=lambda: words(panel))


def call_model(settings: Settings) -> int:
    """One model call of this test's scope; the status, or 0 if there was no reply."""
    try:
        return httpx2.post(
            f"{settings.scope_url(GatewayClient.for_scope().scope)}/v1/responses",
            headers={"authorization": "Bearer anyone"},
            json={"model": "any", "input": "Say hello."},
            trust_env=False,
        ).status_code
    except httpx2.HTTPError:
        return 0


@posix
async def test_buttons_start_kill_restart_and_stop_real_processes(services: Settings, learner: Path) -> None:
    worker = lab.process(write(learner, WORKER, "worker.py"), ready="ready", start=False)
    panel = lab.panel(worker, faults={})
    press = {label: panel._face.button(0, label).click for label in ("start", "kill", "restart", "stop")}
    await said(panel, "worker: not started", "It has printed nothing so far.", KILL)
    press["kill"]()
    await said(panel, "worker is not running: there is nothing to kill.")
    press["start"]()
    # What only a terminal understands is gone, what only a page understands is text.
    await said(panel, f"worker: running, pid {worker.pid}", "ready <b>not bold</b>")
    first = worker.pid
    press["start"]()
    await said(panel, "worker is running already.")
    assert worker.pid == first
    press["kill"]()
    assert worker.returncode == -9
    assert not psutil.pid_exists(first)
    await said(panel, "worker: killed (SIGKILL)", "worker was killed", 'lab.find_process("worker").kill()')
    press["restart"]()
    await said(panel, f"running, pid {worker.pid}", "worker was started again.")
    second = worker.pid
    press["restart"]()
    await said(panel, f"running, pid {worker.pid}", "worker was killed and started again.")
    assert not psutil.pid_exists(second)
    press["stop"]()
    await said(panel, "worker: stopped, code 130", 'lab.find_process("worker").stop()')
    assert lab.find_process("worker") is worker


@posix
async def test_what_code_does_is_shown_too(services: Settings, learner: Path) -> None:
    worker = lab.process(write(learner, WORKER, "worker.py"), start=False)
    panel = lab.panel(worker)
    worker.start()
    await said(panel, f"worker: running, pid {worker.pid}")
    worker.kill()
    await said(panel, "worker: killed (SIGKILL)")
    # A cell that is run again makes a new process of that name: the panel goes on with that one.
    worker = lab.process(write(learner, "raise SystemExit(3)", "worker.py"))
    await said(panel, "worker: ended with code 3")
    assert panel.text().startswith("Panel: worker: ended with code 3; ")


@posix
async def test_a_slow_end_holds_nothing_up_and_can_be_cut_short(services: Settings, learner: Path) -> None:
    slow = lab.process(write(learner, SLOW_TO_END, "worker.py"), ready="ready")
    panel = lab.panel(slow, faults={}, meter=False)
    began = time.monotonic()
    panel.press(0, "stop")
    assert time.monotonic() - began < 0.5
    await said(panel, f"worker: stopping, pid {slow.pid}", "worker was asked to end.")
    panel.press(0, "restart")
    await said(panel, "worker is being stopped")
    panel.press(0, "kill")
    await said(panel, "worker: killed (SIGKILL)")
    assert time.monotonic() - began < 4


async def test_what_goes_wrong_is_shown(services: Settings, learner: Path) -> None:
    missing = lab.process("my/first/nothing.py", start=False)
    panel = lab.panel(missing)
    panel._face.button(0, "start").click()
    await said(panel, "Last press, failed", "There is no file my/first/nothing.py. Run the cell that writes")
    broken = lab.process(write(learner, "def broken(:\n", "worker.py"), ready="ready", start=False)
    panel = lab.panel(broken)
    panel._face.button(0, "start").click()
    await said(panel, "worker: ended with code 1", "SyntaxError")


async def test_a_switch_breaks_and_mends(services: Settings) -> None:
    panel = lab.panel()
    cut, limit = panel._face.box(0), panel._face.box(1)
    assert [box.description for box in (cut, limit)] == ["Cut the network", "Rate limit"]
    assert call_model(services) == 200
    cut.value = True
    await said(panel, "Cut the network: on.", 'cut = lab.fault("any", "refuse")', "on, hit 0 calls")
    assert call_model(services) == 0
    await said(panel, "on, hit 1 call", "1 failed", "1 model call completed")
    assert "faults: Cut the network; model calls: 1 completed, 0 repeats, 1 failed" in panel.text()
    cut.value = False
    await said(panel, "Cut the network: off.", 'cut.clear()  # cut = lab.fault("any", "refuse")')
    assert call_model(services) == 200
    await said(panel, "1 of them paid twice")
    limit.value = True
    await said(panel, 'rate_limit = lab.fault("model", "rate_limit", retry_after=2)')
    assert call_model(services) == 429
    lab.clear_faults()
    await until(lambda: limit.value is False)
    assert call_model(services) == 200


async def test_a_fault_staged_by_code_ticks_its_box(services: Settings) -> None:
    panel = lab.panel()
    with lab.fault("any", "refuse"), lab.fault("weather", "delay"):
        await until(lambda: panel._face.box(0).value)
        await said(panel, "Also active, set by code: weather delay. `lab.clear_faults()` ends it.")
    await until(lambda: not panel._face.box(0).value)
    once = lab.fault("any", "refuse")
    await until(lambda: panel._face.box(0).value)
    panel._face.box(0).value = False
    await said(panel, "Cut the network: off.")
    assert [fault.id for fault in GatewayClient.for_scope().faults()] == []
    once.clear()  # gone already: no error


async def test_faults_of_ones_own(services: Settings) -> None:
    panel = lab.panel(faults={"Slow weather": {"route": "weather", "kind": "delay", "delay": 5, "calls": 2}})
    panel._face.box(0).value = True
    code = 'slow_weather = lab.fault("weather", "delay", calls=2, delay=5)'
    await said(panel, code, "Every call to the weather service is held back for 5 s, 2 times.")
    assert code in panel._face.box(0).tooltip
    with pytest.raises(lab.LabError, match="fault 'Wrong': route: Input should be"):
        lab.panel(faults={"Wrong": {"route": "moon", "kind": "refuse"}})
    with pytest.raises(lab.LabError, match="fault 'Wrong': hours: Extra inputs are not permitted"):
        lab.panel(faults={"Wrong": {"route": "model", "kind": "refuse", "hours": 1}})
    with pytest.raises(lab.LabError, match="'worker' is not a process"):
        lab.panel("worker")  # type: ignore[arg-type]


async def test_a_newer_panel_takes_its_place(services: Settings, learner: Path) -> None:
    worker = lab.process(write(learner, WORKER, "worker.py"), ready="ready")
    other = lab.process(write(learner, WORKER, "other.py"))
    old, apart = lab.panel(worker), lab.panel(other)
    old._face.box(0).value = True
    await said(old, "Cut the network: on.")
    new = lab.panel(worker)
    assert old.closed
    replaced = "This panel was replaced by a newer one. The faults that it had set are cleared."
    assert words(old).strip() == replaced
    assert old.text() == f"Panel: {replaced}"
    assert not apart.closed
    assert not new.closed
    assert worker.running  # a panel goes, the process stays
    assert GatewayClient.for_scope().faults() == []
    old.press(0, "kill")
    old.switch("Cut the network", True)
    assert worker.running
    new._face.box(2).value = True
    new.close()  # at once: what was pressed before is cleared all the same
    assert words(new).strip().startswith("This panel is closed. Run its cell again for a new one.")
    assert GatewayClient.for_scope().faults() == []
    apart.close()
    apart.close()  # twice is no error
    await until(lambda: not watchers())


async def test_stored_it_is_text(services: Settings, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = lab.process(write(learner, WORKER, "worker.py"), ready="ready")
    lab.process(write(learner, WORKER, "other.py"), start=False)
    live = lab.panel()
    text = (
        "Panel: worker: running; other: not started; faults: none; "
        "model calls: 0 completed, 0 repeats, 0 failed; services: none"
    )
    stored = live._repr_mimebundle_()
    assert set(stored) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert stored["text/plain"] == text == repr(live)
    assert str(worker.pid) not in stored["text/html"]
    monkeypatch.setenv("WORKSHOP_VIEWS", "static")
    static = lab.panel()
    assert static._task is None
    call_model(services)
    stored = static._repr_mimebundle_()
    assert set(stored) == {"text/plain", "text/html"}
    assert stored["text/plain"] == text.replace("0 completed", "1 completed")
    assert "Its buttons appear when you run this cell." in stored["text/html"]
    assert '<th scope="row" style="text-align: left">worker</th>' in stored["text/html"]
    static.close()
    assert static._repr_mimebundle_()["text/html"].startswith("<p>This panel is closed.")


async def test_nothing_is_sent_when_nothing_changes(
    services: Settings, learner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = lab.process(write(learner, WORKER, "worker.py"), ready="ready")
    panel = lab.panel(worker)
    await said(panel, "running, pid")
    asked: list[float] = []
    read = panel._read
    monkeypatch.setattr(panel, "_read", lambda: (asked.append(time.monotonic()), read()))
    shows: list[Any] = []
    monkeypatch.setattr(panel._face, "show", shows.append)
    await asyncio.sleep(1.3)
    assert shows == []
    assert 1 <= len(asked) <= 3  # two a second at most
    assert watchers() == ["panel"]


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_a_gateway_that_hangs_holds_nothing_up(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_TIMEOUT", 0.4)
    with silent_server() as port:
        monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(port))
        panel = lab.panel(lab.process(write(learner, WORKER, "worker.py"), start=False))
        slowest = 0.0
        panel._face.box(0).value = True
        until_ = time.monotonic() + 1.5
        while (before := time.monotonic()) < until_:
            await asyncio.sleep(0.01)
            slowest = max(slowest, time.monotonic() - before)
        assert slowest < 0.3
        await said(panel, "Last press, failed", "The gateway does not answer")
        await until(lambda: panel._face.box(0).value is False)
        assert panel.text() == "Panel: worker: not started; the gateway does not answer"
        panel.press(0, "start")
        await said(panel, "worker: running, pid")
        panel.close()


async def test_no_gateway_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(free_port()))
    panel = lab.panel()
    await said(panel, "The gateway does not answer at", "Start it: lab.start()")
    for _ in range(2):  # also the second time, when the panel says just what it said before
        panel._face.box(0).value = True
        await until(lambda: not panel._face.box(0).value)


def test_without_a_loop_it_shows_what_was(services: Settings) -> None:
    panel = lab.panel()
    assert panel._task is None
    assert panel.text().startswith("Panel: faults: none; ")


@posix
def test_in_a_real_kernel(services: Settings, learner: Path) -> None:
    write(learner, WORKER, "worker.py")
    kernel = Kernel(WORKSHOP_PREFORK="0")  # how its process comes to be makes no difference here
    try:
        kernel.run(
            "from workshop import lab\nfirst = lab.process('my/first/worker.py', ready='ready', start=False)"
        )
        text = kernel.run("lab.panel(first)")
        assert text.startswith("Panel: worker: not started; faults: none; model calls: 0 completed")
        kernel.press("Start")
        kernel.wait_for("worker: running, pid", "first.start()")
        pid = int(kernel.run("print(first.pid)"))
        # While a cell waits, which is when a learner presses it.
        cell = kernel.start("import asyncio\nawait asyncio.sleep(2)\nprint('the cell went on')")
        kernel.press(KILL)
        began = time.monotonic()
        kernel.wait_for("worker: killed (SIGKILL)", "first.kill()")
        assert time.monotonic() - began < 1.5
        assert not psutil.pid_exists(pid)
        assert kernel.finish(cell) == "the cell went on\n"
        kernel.tick("Bank down", True)
        kernel.wait_for("Bank down: on.", 'bank_down = lab.fault("bank", "refuse")')
        kernel.run("mine = lab.fault('any', 'refuse')")
        kernel.wait_for("on, hit 0 calls · Every call to the model")
        kernel.tick("Cut the network", False)
        kernel.wait_for("Cut the network: off.", "mine.clear()")
        text = kernel.run("panel = lab.panel(first)\npanel")
        assert text.startswith("Panel: worker: killed (SIGKILL); faults: none; ")
        kernel.wait_for("This panel was replaced by a newer one. The faults that it had set are cleared.")
        kernel.press("Restart")
        kernel.wait_for("worker: running, pid", "first.restart()")
        told = kernel.run(
            "import asyncio, json\npanel.close()\nawait asyncio.sleep(0.1)\n"
            "print(json.dumps([task.get_name() for task in asyncio.all_tasks()]))"
        )
        assert "panel" not in json.loads(told)
        pid = int(kernel.run("print(first.pid)"))
    finally:
        kernel.end(now=True)
    assert gone(pid, 5)
