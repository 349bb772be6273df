"""The lessons in JupyterLab, in a real browser, as a learner works through them."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from tests.browser.lab_page import LONG_TIMEOUT, NEEDS_CHROMIUM, TIMEOUT, LabPage
from workshop import catalog
from workshop.cli import jupyter
from workshop.lab.ports import free_port
from workshop.settings import Settings

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.timeout(2 * LONG_TIMEOUT)]

FIRST_AGENT = "01_first_agent"
FIRST_WORKFLOW = "02_first_workflow"
PEOPLE = "06_people_in_the_loop"

NO_HAIKU = """%%writefile my/first_agent/haiku.py
from agents import Agent

agent = Agent(name="Poet", instructions="Be brief.")
"""

IMPATIENT = """%%writefile my/transfer/retries.py
from datetime import timedelta

from temporalio.common import RetryPolicy

RETRIES = RetryPolicy(initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=5))
"""

HELD_TRANSFER = """held = lab.fault("bank", "delay", delay=60, after=1)
handle = await start(MoneyTransfer.run, Transfer("alice", "bob", 5))
await show.timeline(handle)"""

SLEEPER = r"""from pathlib import Path

Path("my/first_agent/sleeper.py").write_text("import time\ntime.sleep(600)\n")
sleeper = lab.process("my/first_agent/sleeper.py")
print("running:", sleeper.running)"""


@dataclass(frozen=True)
class Jupyter:
    """A JupyterLab: its address, its process, and the folder that it shows."""

    url: str
    token: str
    process: psutil.Process
    root: Path


@pytest.fixture(scope="module")
def jupyterlab(
    browser: Browser, services: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Jupyter]:
    """JupyterLab as ``python -m workshop lab`` starts it, in a folder and with settings of the tests' own."""
    place = tmp_path_factory.mktemp("jupyter")
    (place / "root").mkdir()
    (place / "config").mkdir()
    exposed = {"LabApp": {"expose_app_in_browser": True}}
    (place / "config" / "jupyter_lab_config.json").write_text(json.dumps(exposed))
    own = services.model_copy(
        update={"root": place / "root", "state_dir": place / "state", "jupyter_port": free_port()}
    )
    token = "a-token-for-these-tests"
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("WORKSHOP_VIEWS", raising=False)  # live ones
        environment.setenv("JUPYTER_CONFIG_PATH", str(place / "config"))
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            environment.setenv(name, str(place / name.lower()))
        process, log = jupyter._spawn(own, token, open_browser=False)
    try:
        jupyter._await_answer(own, process, log)
        url = f"http://127.0.0.1:{own.jupyter_port}/lab"
        yield Jupyter(url, token, psutil.Process(process.pid), place / "root")
    finally:
        jupyter._end(process)


@pytest.fixture(scope="module")
def page(browser: Browser, jupyterlab: Jupyter) -> LabPage:
    """JupyterLab in the browser. One for all tests: it takes ten seconds until it is there."""
    pictures = Path(__file__).parents[2] / "build" / "screenshots"
    pictures.mkdir(parents=True, exist_ok=True)
    page = LabPage(browser.new_page(viewport={"width": 1300, "height": 1000}), pictures)
    page.go(f"{jupyterlab.url}?token={jupyterlab.token}")
    return page


@pytest.fixture
def open_lesson(
    jupyterlab: Jupyter, page: LabPage, services: Settings, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Path]]:
    """Opens a lesson as the learner first meets it, in a folder and a tab of this test's own."""
    folder = jupyterlab.root / request.node.name.replace("[", "-").strip("]")

    def open_(name: str) -> Path:
        (folder / "notebooks").mkdir(parents=True)
        shutil.copy(services.root / "notebooks" / f"{name}.ipynb", folder / "notebooks")
        # Copied: JupyterLab serves no pictures through links that lead out of its root.
        shutil.copytree(services.root / "solutions" / "images", folder / "solutions" / "images")
        page.open(f"{folder.name}/notebooks/{name}.ipynb")
        return folder / "notebooks"

    yield open_
    page.shut_down_all_kernels()
    page.close()


def solve(page: LabPage, exercise_id: str) -> None:
    """Write the course's answer into an exercise's cell, and run the cell."""
    cell = catalog.exercise(exercise_id).grade_id
    page.write(cell, catalog.solution_source(exercise_id))
    page.run(cell)


def kernel_process(server: psutil.Process, kernel_id: str) -> psutil.Process:
    """The process of a kernel."""
    found = []
    for child in server.children():
        with contextlib.suppress(psutil.Error):  # one that has just ended
            if f"kernel-{kernel_id}.json" in " ".join(child.cmdline()):
                found.append(child)
    (kernel,) = found
    return kernel


def processes_in(folder: Path) -> set[psutil.Process]:
    """All processes that work in a notebook's folder, whoever is their parent by now."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if Path(process.cwd()).is_relative_to(folder.resolve()):
                found.add(process)
    return found


def processes_of(kernel: psutil.Process, folder: Path) -> set[psutil.Process]:
    """A kernel and all that it has started."""
    return {kernel, *kernel.children(recursive=True), *processes_in(folder)}


def assert_gone(processes: set[psutil.Process]) -> None:
    """Wait until none of them is left."""
    _, alive = psutil.wait_procs(processes, timeout=TIMEOUT)
    assert not alive


def test_lesson_1_to_its_end_and_a_killed_kernel(
    jupyterlab: Jupyter, page: LabPage, open_lesson: Callable[[str], Path]
) -> None:
    folder = open_lesson(FIRST_AGENT)
    assert "Practice mode" in page.run("first-agent-03")
    assert "I am the practice model" in page.run("first-agent-05")
    assert page.breaks_lines_at_spaces("first-agent-05")
    assert "Transcript: 1 model call" in page.run("first-agent-07")
    page.screenshot("lesson-1-transcript", "first-agent-07")
    assert "Why: admit" in page.run("first-agent-08-why")

    assert "NOT YET ATTEMPTED" in page.run("check-1-1")
    page.screenshot("lesson-1-not-attempted", "check-1-1")
    page.write("ex-1-1", NO_HAIKU)
    assert "Writing my/first_agent/haiku.py" in page.run("ex-1-1")
    told = page.run("check-1-1")
    assert "NOT YET\n" in told
    assert "expected: nothing but a haiku" in told
    assert "got: an answer that is not a haiku" in told
    page.screenshot("lesson-1-not-yet", "check-1-1")
    solve(page, "1.1")
    told = page.run("check-1-1")
    assert "PASSED" in told
    assert "NOT YET" not in told
    page.screenshot("lesson-1-passed", "check-1-1")
    page.shows_picture("first-agent-11")

    # The rest unsolved: an exercise that is not done stops nobody.
    page.select("first-agent-11")
    page.menu("Run", "Run Selected Cell and All Below")
    *_, last = page.code_cells
    page.wait_for(last, LONG_TIMEOUT)
    assert page.ended == page.code_cells
    assert "NOT YET ATTEMPTED" in page.text("check-1-2")
    page.screenshot("lesson-1-trace", "first-agent-27")
    assert "Model calls completed: 2 (no repeats)" in page.text("first-agent-48")
    assert "Model calls completed: 6 (2 repeats, paid twice)" in page.text("first-agent-50")
    page.screenshot("lesson-1-wound", "first-agent-50")
    assert "NOT YET ATTEMPTED" in page.text(last)

    assert "running: True" in page.run(page.add_cell(last, SLEEPER))
    kernel = kernel_process(jupyterlab.process, page.kernel_id)
    before = processes_of(kernel, folder)
    assert len(before) >= 3, "the kernel, the sleeper, what runs the checks"
    kernel.kill()
    page.confirm()
    assert_gone(before)
    # Jupyter has started another kernel, which has started nothing.
    assert processes_in(folder) <= set(jupyterlab.process.children())


def test_lesson_2_with_panel_and_timeline_and_an_orderly_end(
    jupyterlab: Jupyter, page: LabPage, open_lesson: Callable[[str], Path]
) -> None:
    folder = open_lesson(FIRST_WORKFLOW)
    panel = "transfer-43"
    # Not what the cells in between do, the same kill by code: here the buttons are used.
    page.select("transfer-34")
    page.menu("Run", "Run All Above Selected Cell")
    page.wait_for("transfer-33", LONG_TIMEOUT)
    assert "the course's solution stands in for exercise 2.4" in page.text("transfer-22")
    assert "moved 30 from alice to bob" in page.text("transfer-23")
    page.screenshot("lesson-2-ledger", "transfer-23")
    assert "WorkflowExecutionCompleted" in page.text("transfer-29")
    page.screenshot("lesson-2-history", "transfer-29")
    page.says("transfer-31", "MoneyTransfer: completed")
    page.screenshot("lesson-2-timeline", "transfer-31")

    page.run(panel)
    page.says(panel, "worker: running, pid")
    page.screenshot("lesson-2-panel-running", panel)
    with page.narrow(700):
        page.screenshot("lesson-2-panel-narrow", panel)
    watched = page.add_cell(panel, HELD_TRANSFER)
    page.run(watched)
    # A slow machine may need a second attempt.
    page.says(watched, "MoneyTransfer: running", "1. withdraw: completed", "2. deposit: ")
    page.draws(watched, "running")
    page.screenshot("lesson-2-timeline-running", watched)
    page.press(panel, "Kill (SIGKILL)")
    page.says(panel, "worker: killed (SIGKILL)", "worker.kill()")
    page.screenshot("lesson-2-panel-killed", panel)
    page.run(page.add_cell(watched, "held.clear()"))
    page.press(panel, "Restart")
    page.says(panel, "worker: running, pid", "worker.restart()")

    # An exercise, while the server finds out that the deposit has died.
    page.write("ex-2-6", IMPATIENT)
    page.run("ex-2-6")
    told = page.run("check-2-6")
    assert "NOT YET\n" in told
    assert "got: maximum_interval is 5.0" in told
    page.screenshot("lesson-2-not-yet", "check-2-6")
    solve(page, "2.6")
    assert "PASSED" in page.run("check-2-6")
    page.screenshot("lesson-2-passed", "check-2-6")

    # The same picture, not run again, has gone on from running to completed.
    page.says(watched, "MoneyTransfer: completed", "worker 1 gone, worker 2 took over")
    page.draws(watched, "completed")
    page.screenshot("lesson-2-timeline-completed", watched)

    before = processes_of(kernel_process(jupyterlab.process, page.kernel_id), folder)
    assert len(before) >= 3, "the kernel, the worker, what runs the checks"
    page.menu("Kernel", "Shut Down Kernel")
    assert_gone(before)
    assert not processes_in(folder)


def test_lesson_6_with_its_buttons(page: LabPage, open_lesson: Callable[[str], Path]) -> None:
    open_lesson(PEOPLE)
    desk = "people-17"
    page.select("people-19")
    page.menu("Run", "Run All Above Selected Cell")
    page.wait_for(desk, LONG_TIMEOUT)
    # The worker was killed while the call waited; this is what the next one knows.
    page.says(desk, "1 call waits for a decision.", "pay_relief(payee='Bob', amount=40)", "waiting")
    page.screenshot("lesson-6-desk-waiting", desk)
    page.press(desk, "Approve")
    page.says(
        desk, "pay_relief(payee='Bob', amount=40) was approved.", 'await payment.execute_update("decide"'
    )
    page.says(desk, "The run has completed: nothing waits for a decision.")
    page.screenshot("lesson-6-desk-approved", desk)
    # The same desk in the cell above, which did not decide.
    page.says("people-15", "no longer waiting")
    told = page.run("people-19")
    assert told.count("too late") == 2
    assert "Paid 40 to Bob." in told
    assert told.count("withdrawal") == 1
    page.run("people-21")
    page.says("people-21", "ReliefAgent: completed")
    page.run("people-23")
    page.says("people-23", "Not paid: a person said no.")
