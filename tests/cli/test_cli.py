"""The command line as a person uses it: real commands, real JupyterLab, private state."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
import typer
from typer.testing import CliRunner

from tests.authoring import sample_lesson
from tests.conftest import Place
from workshop import settings as workshop_settings
from workshop.__main__ import app
from workshop.checks import progress as progress_file
from workshop.cli import course, doctor, jupyter, progress
from workshop.errors import LabError
from workshop.lab import ports, services
from workshop.lab.records import read_records
from workshop.settings import Settings

COMMANDS = ["lab", "up", "down", "course", "status", "reset", "doctor", "grade"]


def cli(*arguments: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workshop", *arguments], capture_output=True, text=True, timeout=timeout
    )


@pytest.fixture
def project(tmp_path: Path, services: Settings) -> Settings:
    """A project with one small lesson, its exercise notebook worked on, on the session's services."""
    root = tmp_path / "project"
    cells = sample_lesson.lesson_cells()
    sample_lesson.write(root / "solutions" / "01_small.ipynb", cells)
    for cell in cells:
        if "BEGIN SOLUTION" in cell["source"]:
            cell["source"] = '%%writefile my/small/greet.py\ndef greet(name):\n    return "mine, " + name'
    cells.append(sample_lesson.code("my_own = 1", "added-by-me", 99))
    sample_lesson.write(root / "notebooks" / "01_small.ipynb", cells)
    (root / "notebooks" / "my" / "small").mkdir(parents=True)
    (root / "notebooks" / "my" / "small" / "greet.py").write_text("mine")
    (root / "notebooks" / "my" / "small" / "other.py").write_text("kept")
    return services.model_copy(update={"root": root, "state_dir": tmp_path / "state"})


def read(settings: Settings) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(
        (settings.root / "notebooks" / "01_small.ipynb").read_text(encoding="utf-8")
    )["cells"]
    return cells


def test_help_is_one_sentence_each() -> None:
    for command in COMMANDS:
        told = CliRunner().invoke(app, [command, "--help"])
        assert told.exit_code == 0
        sentence = told.output.split("\n\n")[1].strip()
        assert re.fullmatch(r"[A-Z][^.]*\.", sentence), sentence
    assert all(f"  {command}" in CliRunner().invoke(app, ["--help"]).output for command in COMMANDS)


def test_nothing_heavy_is_imported() -> None:
    heavy = {"agents", "openai", "temporalio", "nbclient", "nbformat", "IPython", "starlette", "uvicorn"}
    source = f"import sys, workshop, workshop.__main__, workshop.lab; print({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == "set()"


# status and reset


def test_status(project: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    progress.show(project)
    told = capsys.readouterr().out
    assert re.search(r"^1 · A small lesson +0/2 +0/1 +0/4$", told, re.MULTILINE)
    assert "Next: exercise 1.1" in told
    assert "Temporal server  answers" in told
    assert "Gateway          answers" in told
    file = progress_file.path(project)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"1.1": {"passed": True, "attempts": 2}}))
    progress.show(project)
    told = capsys.readouterr().out
    assert re.search(r"1/2 +1/1 +2/4$", told, re.MULTILINE)
    assert "Next: exercise 1.2" in told


def test_reset_one_exercise(project: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    file = progress_file.path(project)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"1.1": {"passed": True}, "1.2": {"passed": True}}))
    before = read(project)
    progress.reset(project, "1.2", yes=True)
    after = read(project)
    changed = [new["id"] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["cell-ex-1-2", "cell-check-1-2"]
    put_back = next(cell for cell in after if cell["id"] == "cell-ex-1-2")
    assert "".join(put_back["source"]).endswith("def greet(name):\n    ...  # your code here")
    assert put_back["outputs"] == []
    assert list(progress_file.read(project)) == ["1.1"]
    my = project.root / "notebooks" / "my" / "small"
    assert not (my / "greet.py").exists()
    assert (my / "other.py").read_text() == "kept"
    (backup,) = (project.state_dir / "backups").iterdir()
    assert (
        json.loads((backup / "notebooks" / "01_small.ipynb").read_text(encoding="utf-8"))["cells"] == before
    )
    assert (backup / "notebooks" / "my" / "small" / "greet.py").read_text() == "mine"
    assert str(backup) in capsys.readouterr().out


def test_reset_asks(project: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(project)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: (_ for _ in ()).throw(typer.Abort()))
    with pytest.raises(typer.Abort):
        progress.reset(project, None, yes=False)
    assert read(project) == before
    assert (project.root / "notebooks" / "my" / "small" / "greet.py").exists()


def test_reset_what_is_not_there(project: Settings) -> None:
    with pytest.raises(LabError, match=r"no exercise or lesson '7\.1'. The exercises: 1\.1, 1\.2\."):
        progress.reset(project, "7.1", yes=True)
    (project.root / "notebooks" / "01_small.ipynb").write_text("{")
    with pytest.raises(LabError, match="nothing was changed"):
        progress.reset(project, "1", yes=True)
    assert (project.root / "notebooks" / "my" / "small" / "greet.py").exists()
    told = cli("reset", "99.1", "--yes")
    assert (told.returncode, len(told.stderr.splitlines())) == (1, 1)


# course


def passing(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sample lesson with checks that say PASSED by themselves."""
    cells[1]["source"] = "check = lambda name: print(name, 'PASSED')"
    for cell in cells:
        cell["source"] = cell["source"].replace("await check", "check").replace("%%writefile my/small/", "#")
    return cells


def test_course(project: Settings, services: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    project = project.model_copy(update={"state_dir": services.state_dir})
    path = project.root / "solutions" / "01_small.ipynb"
    sample_lesson.write(path, passing(sample_lesson.lesson_cells()))
    assert course.run(project) == 0
    told = capsys.readouterr().out
    assert "Lesson 1 · A small lesson: done" in told
    assert re.search(r"^1 · A small lesson +5 +2/2 +\d+ +\d+\.\d$", told, re.MULTILINE)

    cells = passing(sample_lesson.lesson_cells())
    cells[5]["source"] = "print('NOT YET')"
    sample_lesson.write(path, cells)
    assert course.run(project, 1) == 1
    assert "not passed: 1.1" in capsys.readouterr().out
    with pytest.raises(LabError, match="no lesson 9"):
        course.run(project, 9)

    cells[1]["source"] += "\nraise KeyError('gone')"
    sample_lesson.write(path, cells)
    assert course.run(project) == 1
    assert "a cell failed: KeyError: 'gone'" in capsys.readouterr().out


# doctor


@pytest.mark.usefixtures("services")
def test_doctor_when_all_is_well() -> None:
    told = cli("doctor")
    assert told.returncode == 0, told.stdout
    assert "fine  Model (practice): answers." in told.stdout
    assert "fine  OpenAI key: none, and none is needed (practice mode)." in told.stdout
    assert len(re.findall(r"ours, pid \d+", told.stdout)) == 3
    assert "stop" not in told.stdout
    assert told.stderr == ""


def test_doctor_never_shows_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-real-secret")
    monkeypatch.setenv("WORKSHOP_MODE", "live")
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(ports.free_port()))
    told = cli("doctor")
    assert "OpenAI key: present (live mode, https://api.openai.com/v1)." in told.stdout
    assert "Gateway: not running: python -m workshop up." in told.stdout
    assert "not-a-real-secret" not in told.stdout + told.stderr


def test_doctor_judges_python_and_packages(tmp_path: Path) -> None:
    assert doctor.python_version((3, 14, 0)).verdict == "stop"
    assert doctor.python_version((3, 10, 9)).verdict == "stop"
    assert doctor.python_version((3, 12, 1)).verdict == "fine"
    lock = tmp_path / "requirements.txt"
    lock.write_text("psutil==0.1\nno-such-package==1\nidna==0.1\nwin==1 ; sys_platform == 'nowhere'\n-e .\n")
    found = list(doctor.packages(lock))
    assert [finding.verdict for finding in found] == ["stop", "stop"]
    assert "no-such-package not installed: run `make setup`" in found[0].text
    assert re.search(r"psutil \S+ instead of 0\.1, idna \S+ instead of 0\.1", found[1].text)
    lock.write_text("idna==0.1\n")
    assert [finding.verdict for finding in doctor.packages(lock)] == ["note"]


def test_doctor_names_who_holds_a_port(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    squat = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); "
    squat += "print(s.getsockname()[1], flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", squat], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        port = int(other.stdout.readline())
        monkeypatch.setenv("WORKSHOP_JUPYTER_PORT", str(port))
        told = cli("doctor")
        other.kill()
    assert told.returncode == 1
    line = next(line for line in told.stdout.splitlines() if "JupyterLab" in line)
    assert line.startswith(f"stop  Port {port} (JupyterLab): held by python")
    assert f"(pid {other.pid})" in line
    assert line.endswith("set WORKSHOP_JUPYTER_PORT (in .env, say) to a free port.")


# grade


def test_grade_tells_what_is_no_notebook(tmp_path: Path) -> None:
    told = cli("grade", str(tmp_path / "gone.ipynb"), "--json")
    assert told.returncode == 2
    (report,) = json.loads(told.stdout)
    assert report["bad_input"].endswith("there is no such file")


# lab


def start_lab(place: Place) -> tuple[subprocess.Popen[str], list[str]]:
    command = subprocess.Popen(
        [sys.executable, "-u", "-m", "workshop", "lab", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OPENAI_API_KEY": "not-a-real-secret"},
    )
    assert command.stdout is not None
    lines: list[str] = []
    for line in command.stdout:
        lines.append(line)
        if "Ctrl-C ends" in line:
            break
    return command, lines


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT and SIGKILL")
def check_that_opening_changes_nothing(client: httpx2.Client, token: str) -> None:
    file = workshop_settings.load().root / "notebooks" / "01_first_agent.ipynb"
    before = file.read_bytes()
    address, key = "/api/contents/notebooks/01_first_agent.ipynb", {"token": token}
    content = client.get(address, params=key).json()["content"]
    # What JupyterLab adds when a kernel has answered, and then saves.
    content["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    content["metadata"]["language_info"] = {
        "name": "python",
        "version": "3.12.1",
        "mimetype": "text/x-python",
    }
    try:
        saved = client.put(
            address, params=key, json={"type": "notebook", "format": "json", "content": content}
        )
        assert saved.status_code == 200
        assert file.read_bytes() == before
    finally:
        file.write_bytes(before)


def test_lab(place: Place) -> None:
    command, lines = start_lab(place)
    told = "".join(lines)
    assert command.poll() is None, told
    address = re.search(r"JupyterLab +(http://127\.0\.0\.1:\d+)(\S*)\?token=(\w+)", told)
    assert address, told
    assert str(place.settings.ui_port) in told
    assert place.settings.gateway_url in told
    base, path, token = address.groups()
    assert path.startswith("/lab")
    with httpx2.Client(base_url=base, trust_env=False) as client:
        assert client.get("/api/contents").status_code == 403
        page = client.get("/lab", params={"token": token}).text
        assert "@jupyterlab/apputils-extension:announcements" in page
        specs = client.get("/api/kernelspecs", params={"token": token}).json()["kernelspecs"]
        assert specs["python3"]["spec"]["argv"][0] in ("python", "python3", sys.executable)
        assert "word-break: normal" in client.get("/custom/custom.css", params={"token": token}).text
        check_that_opening_changes_nothing(client, token)
    record = read_records(place.settings)["jupyter"]
    server = psutil.Process(record.pid)
    assert "OPENAI_API_KEY" not in server.environ()
    assert token not in " ".join(server.cmdline())
    assert {c.laddr.ip for c in server.net_connections("tcp") if c.status == psutil.CONN_LISTEN} == {
        "127.0.0.1"
    }

    second = cli("lab")
    assert second.returncode == 1
    assert f"The lab is running already (pid {command.pid}" in second.stderr
    assert f"{base}{path}?token={token}" in second.stderr

    began = time.monotonic()
    command.send_signal(signal.SIGINT)
    rest = command.communicate(timeout=30)[0]
    assert command.returncode == 0, rest
    assert time.monotonic() - began < 15
    assert "Temporal server: ended" in rest
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    assert read_records(place.settings) == {}
    for port in (place.settings.jupyter_port, place.settings.gateway_port, place.settings.ui_port):
        assert ports.is_free(port)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_down_ends_what_a_killed_lab_left(place: Place) -> None:
    command, _ = start_lab(place)
    left = read_records(place.settings)
    assert sorted(left) == ["gateway", "jupyter", "temporal"]
    told: list[str] = []
    assert sorted(services.down(place.settings, say=told.append)) == ["gateway", "temporal"]
    assert any(line.startswith("JupyterLab keeps running") for line in told)
    command.kill()
    command.communicate()
    assert left["jupyter"].process() is not None
    assert services.down(place.settings) == ["jupyter"]
    assert left["jupyter"].process() is None


def test_when_a_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CODESPACES", "CI", "SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not jupyter.has_browser()
    monkeypatch.setenv("DISPLAY", ":0")
    assert jupyter.has_browser()
    monkeypatch.setenv("CODESPACES", "true")
    assert not jupyter.has_browser()
