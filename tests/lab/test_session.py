"""``lab.start``: what it makes of a kernel, and what it does not give away."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager

from tests.conftest import Place
from tests.lab.ended import gone
from tests.lab.learner_scripts import write
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
    session.forget_my_modules()


def test_a_key_of_the_environment_outlives_the_first_start(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted: list[Settings] = []

    def up(settings: Settings, **_: object) -> Report:
        wanted.append(settings)
        here = Service("gateway", "started", settings.gateway_url)
        return Report(here, here, settings.mode, 0.0)

    monkeypatch.setattr(services, "up", up)
    monkeypatch.setattr(session, "send_traces_to_gateway", lambda: None)
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


KERNEL_CELLS = [
    'from workshop import lab\nlab.start("first")\nlab.start("second")',
    "import os\nprint(sorted(path for path in os.listdir('my') if path != '__init__.py'))",
    "%%writefile my/first/thing.py\nanswer = 1",
    "from my.first import thing\nprint(thing.answer)",
    "%%writefile my/first/thing.py\nanswer = 2",
    "from my.first import thing\nprint(thing.answer)",
    "print(os.environ['WORKSHOP_SCOPE'].startswith('nb-'), os.environ['OPENAI_API_KEY'][:9])",
    "lab.process('my/first/missing.py')",
    "%%writefile my/first/agent.py\nimport time\nprint('ready', flush=True)\ntime.sleep(600)",
    "process = lab.process('my/first/agent.py', ready='ready')\nprint(process.pid)",
    "from workshop.lab import prefork\nserver = prefork.running()\nprint(server.process.pid if server else 0)",
]


def test_in_a_real_kernel(services: Settings, tmp_path: Path) -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(cells=[new_code_cell(source) for source in KERNEL_CELLS])  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
    )
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        kernel = client.km.provisioner.pid  # type: ignore[union-attr]
        outputs = [cell.outputs for cell in notebook.cells]
        pid, server = (int(output[0].text) for output in outputs[-2:])
        assert psutil.pid_exists(pid)
        if sys.platform == "linux":
            assert psutil.pid_exists(server)  # lab.start() has warmed it
        os.kill(kernel, signal.SIGKILL)
        assert gone(pid)
        assert not server or gone(server, 60)  # it may be within an import
    practice = (
        "Practice mode: the model and the tools' services are stand-ins on this machine. No key, no cost.\n"
    )
    assert "".join(output.text for output in outputs[0]) == practice * 2
    assert outputs[1][0].text == "['first', 'second']\n"
    assert outputs[3][0].text == "1\n"
    assert "".join(output.text for output in outputs[5]) == "2\n"  # a busy kernel sends it in two parts
    assert outputs[6][0].text == "True workshop-\n"
    assert outputs[7][0].traceback == [
        "ProcessError: There is no file my/first/missing.py. Run the cell that writes it first."
    ]


# --- interrupts in a kernel ---------------------------------------------------------------------------

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
@pytest.mark.usefixtures("services")
async def test_an_interrupt_ends_a_cell_that_waits_and_a_check(tmp_path: Path) -> None:
    manager = AsyncKernelManager(kernel_name="python3")
    await manager.start_kernel(cwd=str(tmp_path), stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()

    async def run(source: str, *, interrupt: bool = False) -> tuple[float, list[str], str]:
        message, printed, error = client.execute(source), "", []
        began = time.monotonic()
        while True:
            said = await client.get_iopub_msg(timeout=30)
            if said["parent_header"].get("msg_id") != message:
                continue
            content = said["content"]
            if said["msg_type"] == "stream":
                printed += content["text"]
                if interrupt and "begun" in printed:
                    interrupt = False
                    await asyncio.sleep(0.3)  # for the loop to be asleep
                    began = time.monotonic()
                    await manager.interrupt_kernel()
            elif said["msg_type"] == "error":
                error = content["traceback"]
            elif said["msg_type"] == "status" and content["execution_state"] == "idle":
                return time.monotonic() - began, error, printed

    try:
        await client.wait_for_ready(timeout=60)
        tests = str(Path(__file__).parents[1] / "checks")
        assert not (await run(f"import asyncio, sys; sys.path.insert(0, {tests!r}); import sample_checks"))[1]
        assert not (await run("from workshop import check, lab; lab.start()"))[1]
        for preparation in ("pass", "import nest_asyncio; nest_asyncio.apply()"):
            assert not (await run(preparation))[1]
            seconds, error, _ = await run(WAITS, interrupt=True)
            assert seconds < 4, preparation  # under half a second on an idle machine; unmended 8
            assert error
        seconds, error, printed = await run(CHECKS, interrupt=True)
        assert seconds < 4
        assert error == ["Interrupted: nothing was judged"]
        assert printed == "Checking 91.1 ...\nbegun\nInterrupted; nothing was judged.\n"
        assert gone(int((tmp_path / "pid").read_text()))
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
