"""``lab.start``: what it makes of a kernel, and what it does not give away."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import Place
from tests.lab.ended import gone
from tests.lab.kernels import Kernel
from tests.lab.learner_scripts import SLEEPER, write
from workshop.lab import services, session
from workshop.lab.service import Service
from workshop.lab.services import Report
from workshop.settings import Settings

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
pytestmark = pytest.mark.usefixtures("learner")


def test_my_modules_are_read_anew(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path.cwd()))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    write(learner, "answer = 1", "thing.py")
    from my.first import thing  # type: ignore[import-not-found]

    assert thing.answer == 1
    write(learner, "answer = 2", "thing.py")  # the same size within the same second
    session.forget_my_modules()
    from my.first import thing as again

    assert again.answer == 2


def test_a_key_of_the_environment_outlives_the_first_start(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted: list[Settings] = []

    def up(settings: Settings, **_: object) -> Report:
        wanted.append(settings)
        here = Service("gateway", "started", settings.gateway_url)
        return Report(here, here, settings.mode, 0.0, settings)

    monkeypatch.setattr(services, "up", up)
    monkeypatch.setattr(session, "send_traces_to_gateway", lambda: None)
    monkeypatch.setattr(session, "warm", lambda: None)
    monkeypatch.setattr(session, "_exported", {})
    monkeypatch.setattr(session, "_scope", None)
    for variable, value in {
        "WORKSHOP_MODE": "auto",
        "OPENAI_API_KEY": "not-a-real-secret",
        "OPENAI_BASE_URL": "https://models.example/v1",
        **dict.fromkeys(("WORKSHOP_SCOPE", "OPENAI_DEFAULT_MODEL"), ""),
    }.items():
        monkeypatch.setenv(variable, value)
    session.start()
    session.start()
    for settings in wanted:
        assert settings.openai_api_key is not None
        assert settings.openai_api_key.get_secret_value() == "not-a-real-secret"
        assert (settings.mode, settings.openai_base_url) == ("live", "https://models.example/v1")
    # It is where only the gateway's environment is made from, and nowhere that shows it.
    assert len(wanted) == 2
    assert os.environ["OPENAI_API_KEY"] == place.settings.gateway_token()
    assert "not-a-real-secret" not in str(dict(os.environ)) + repr(vars(session)) + "".join(
        capsys.readouterr()
    )


@pytest.fixture(scope="module")
def kernels(services: Settings) -> Iterator[list[Kernel]]:
    """The kernels that the tests of this module have started."""
    started: list[Kernel] = []
    yield started
    for kernel in started:
        kernel.end(now=True)


@pytest.fixture
def kernel(kernels: list[Kernel], learner: Path) -> Kernel:
    """A kernel in the learner's directory: one for all tests, until one of them kills it."""
    if not kernels or not kernels[-1].alive:
        kernels.append(Kernel())
    kernels[-1].run(f"%cd -q {Path.cwd()}\nfrom workshop import check, lab")
    return kernels[-1]


PRACTICE = (
    "Practice mode: the model and the tools' services are stand-ins on this machine. No key, no cost.\n"
)


def test_in_a_real_kernel(kernel: Kernel) -> None:
    assert kernel.run('lab.start("first")\nlab.start("second")') == PRACTICE * 2
    mine = kernel.run("import os\nprint(sorted(path for path in os.listdir('my') if path != '__init__.py'))")
    assert mine == "['first', 'second']\n"
    for answer in ("1", "2"):  # the same size within the same second
        kernel.run(f"%%writefile my/first/thing.py\nanswer = {answer}")
        assert kernel.run("from my.first import thing\nprint(thing.answer)") == f"{answer}\n"
    where = "print(os.environ['WORKSHOP_SCOPE'].startswith('nb-'), os.environ['OPENAI_API_KEY'][:9])"
    assert kernel.run(where) == "True workshop-\n"
    assert kernel.outcome(kernel.start("lab.process('my/first/missing.py')")).error == [
        "ProcessError: There is no file my/first/missing.py. Run the cell that writes it first."
    ]


WAITS = "print('begun', flush=True)\nawait asyncio.sleep(8)"
CHECKS = """
import pathlib
pathlib.Path("my/sample").mkdir(parents=True, exist_ok=True)
text = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); "
pathlib.Path("my/sample/answer.py").write_text(text + "print('begun', flush=True); time.sleep(30)")
async def tell():
    while not pathlib.Path("pid").exists():
        await asyncio.sleep(0.02)
    print("begun", flush=True)
telling = asyncio.ensure_future(tell())
await check("91.1")
"""


@posix
def test_an_interrupt_ends_a_cell_that_waits_and_a_check(kernel: Kernel) -> None:
    tests = str(Path(__file__).parents[1] / "checks")
    kernel.run(f"import asyncio, sys; sys.path.insert(0, {tests!r}); import sample_checks; lab.start()")
    for preparation in ("pass", "import nest_asyncio; nest_asyncio.apply()"):
        kernel.run(preparation)
        outcome = kernel.outcome(kernel.start(WAITS), interrupt_at="begun")
        assert outcome.seconds < 4, preparation  # under half a second on an idle machine; unmended 8
        assert outcome.error
    outcome = kernel.outcome(kernel.start(CHECKS), interrupt_at="begun")
    assert outcome.seconds < 4
    assert outcome.error == ["Interrupted: nothing was judged"]
    assert outcome.text == "Checking 91.1 ...\nbegun\nInterrupted: the check did not finish.\n"
    assert gone(int(Path("pid").read_text()))


@posix
def test_an_interrupt_is_told_in_one_line(kernel: Kernel, services: Settings) -> None:
    kernel.run(
        "import asyncio, uuid; lab.start()\nfrom temporalio.client import Client\n"
        f"client = await Client.connect({services.temporal_address!r})\n"
        "run = await client.start_workflow('Nobody', id=str(uuid.uuid4()), task_queue=str(uuid.uuid4()))"
    )
    begun = "print('begun', flush=True)\n"
    outcome = kernel.outcome(kernel.start(f"{begun}await lab.result(run)"), interrupt_at="begun")
    assert outcome.error == ["Interrupted. The run goes on; run the cell again to wait for it."]
    outcome = kernel.outcome(kernel.start(f"{begun}await asyncio.sleep(20)"), interrupt_at="begun")
    assert outcome.error == ["Interrupted."]
    # A time limit of the learner's own is none, though it cancels as well.
    limited = "    async with asyncio.timeout(0.2):\n        await lab.result(run)\n"
    assert kernel.run(f"try:\n{limited}except TimeoutError:\n    print('late')") == "late\n"
    own = kernel.outcome(kernel.start(f"{begun}while True:\n    pass"), interrupt_at="begun")
    assert "KeyboardInterrupt" in own.error[-1]
    assert len(own.error) > 1
    kernel.run("await run.terminate()")


def test_active_faults_are_named_when_a_notebook_begins(kernel: Kernel) -> None:
    kernel.run("lab.start()\nheld = lab.fault('model', 'delay', delay=60)")
    assert kernel.run("lab.start()") == (
        PRACTICE + "A fault is active: Every model call is held back for 60 s.\n"
        "`lab.clear_faults()` ends it.\n"
    )
    kernel.run("lab.clear_faults()")
    assert kernel.run("lab.start()") == PRACTICE


@posix
def test_what_a_killed_kernel_has_started_is_killed(kernel: Kernel, learner: Path) -> None:
    script = write(learner, SLEEPER)
    kernel.run("lab.start()")
    pid = int(kernel.run(f"process = lab.process({script!r}, ready='ready')\nprint(process.pid)"))
    server = int(
        kernel.run(
            "from workshop.lab import prefork\n"
            "server = prefork.running()\n"
            "print(server.process.pid if server else 0)"
        )
    )
    assert psutil.pid_exists(pid)
    if sys.platform == "linux":
        assert psutil.pid_exists(server)  # lab.start() has warmed it
    os.kill(kernel.pid, signal.SIGKILL)
    assert gone(pid)
    assert not server or gone(server, 60)  # it may be within an import
