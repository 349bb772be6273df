"""The devcontainer and the workflow: valid by the published rules, pinned, and in step with the rest."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
import yaml

from workshop import settings
from workshop.lab.ports import free_port

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests" / "devcontainer.schema.json").read_text())
SOURCE = (ROOT / ".devcontainer" / "devcontainer.json").read_text()
WORKFLOW = (ROOT / ".github" / "workflows" / "course.yml").read_text()


def without_comments(source: str) -> Any:
    """The format allows comments; ours stand on lines of their own."""
    return json.loads(re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE))


CONTAINER: dict[str, Any] = without_comments(SOURCE)
# YAML 1.1 reads the key "on" as a boolean.
COURSE: dict[Any, Any] = yaml.safe_load(WORKFLOW)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def steps() -> list[dict[str, Any]]:
    return [step for job in COURSE["jobs"].values() for step in job["steps"]]


def test_the_devcontainer_is_valid() -> None:
    jsonschema.Draft201909Validator.check_schema(SCHEMA)
    jsonschema.Draft201909Validator(SCHEMA).validate(CONTAINER)


@pytest.mark.parametrize(
    "change",
    [
        {"image": None},
        {"postcreatecommand": "make"},
        {"forwardPorts": [99_999]},
        {"waitFor": "make setup"},
        {"portsAttributes": {"8888": {"title": "JupyterLab"}}},
        {"otherPortsAttributes": {"onAutoForward": "openBrowserOnce"}},
        {"secrets": {"OPENAI_API_KEY": "a value"}},
        {"hostRequirements": {"memory": "4 GB"}},
    ],
)
def test_the_rules_reject_what_is_wrong(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(SCHEMA).validate({**CONTAINER, **change})


def test_the_image_is_pinned_by_tag_and_digest_and_is_python_3_12() -> None:
    assert re.fullmatch(
        r"mcr\.microsoft\.com/devcontainers/python:[\d.]+-3\.12-[a-z]+@sha256:[0-9a-f]{64}",
        CONTAINER["image"],
    )


def test_its_commands_are_make_targets() -> None:
    targets = make_targets()
    for name in ("postCreateCommand", "postStartCommand"):
        program, target = CONTAINER[name].split()
        assert program == "make"
        assert target in targets
    assert CONTAINER["waitFor"] == "postCreateCommand"


def test_ports_match_the_settings_and_are_labelled(tmp_path: Path) -> None:
    defaults = settings.load(environ={}, env_file=tmp_path / "none")
    temporal = int(defaults.temporal_address.rpartition(":")[2])
    expected = [defaults.jupyter_port, defaults.ui_port, temporal]
    assert CONTAINER["forwardPorts"] == expected
    assert set(CONTAINER["portsAttributes"]) == {str(port) for port in expected}
    assert all(attributes["label"] for attributes in CONTAINER["portsAttributes"].values())


def test_lesson_1_is_opened_with_the_course_kernel() -> None:
    custom = CONTAINER["customizations"]
    (opened,) = custom["codespaces"]["openFiles"]
    assert re.fullmatch(r"notebooks/01_\w+\.ipynb", opened)
    assert (ROOT / "solutions" / Path(opened).name).exists()
    assert custom["vscode"]["settings"]["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    assert {"ms-python.python", "ms-toolsai.jupyter"} <= set(custom["vscode"]["extensions"])


def test_there_is_no_key_in_it() -> None:
    assert set(CONTAINER["secrets"]) == {"OPENAI_API_KEY"}
    assert "OPENAI_API_KEY" not in json.dumps({k: v for k, v in CONTAINER.items() if k != "secrets"})


def test_the_workflow_runs_make_test_in_the_devcontainer_and_on_each_python() -> None:
    in_container, on_runner = COURSE["jobs"]["devcontainer"], COURSE["jobs"]["runner"]
    (action,) = [step for step in in_container["steps"] if step["uses"].startswith("devcontainers/ci@")]
    assert action["with"] == {"push": "never", "runCmd": "make test"}
    assert on_runner["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert [step["run"] for step in on_runner["steps"] if "run" in step] == ["make test"]
    assert "test" in make_targets()


def test_actions_are_pinned_by_commit_and_say_which_version() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
        assert re.search(rf"uses: {re.escape(action)} # v\d+\.\d+\.\d+$", WORKFLOW, flags=re.MULTILINE)


def test_the_workflow_may_only_read_and_stops_when_it_is_overtaken() -> None:
    assert COURSE["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in COURSE["jobs"].values())
    assert COURSE["concurrency"]["cancel-in-progress"] is True
    assert all(job["timeout-minutes"] <= 30 for job in COURSE["jobs"].values())
    assert all(job["runs-on"] != "ubuntu-latest" for job in COURSE["jobs"].values())
    assert set(COURSE[True]) == {"push", "pull_request", "workflow_dispatch"}
    assert "secrets." not in WORKFLOW


@pytest.fixture
def checkout() -> Iterator[Path]:
    """What a fresh clone of the working tree would hold: everything that git does not ignore."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    # Not pytest's own folder: the paths of sockets in the state directory must stay short.
    with tempfile.TemporaryDirectory(prefix="workshop-clone-") as folder:
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, Path(folder) / name)
        yield Path(folder)


@pytest.mark.timeout(300)
def test_its_commands_work_in_a_clean_checkout(checkout: Path) -> None:
    ports = {"WORKSHOP_GATEWAY_PORT": str(free_port()), "WORKSHOP_UI_PORT": str(free_port())}
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VIRTUAL_ENV", "PYTEST_"))
        },
        **ports,
        "WORKSHOP_STATE_DIR": str(checkout / ".workshop"),
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "UV_COMPILE_BYTECODE": "0",  # costs a minute of processor time, and is tried where these tests are installed
        "PYTHON": sys._base_executable,  # type: ignore[attr-defined]  # as a container has it: not that of a venv
    }

    def run(command: str) -> str:
        done = subprocess.run(  # the devcontainer's commands are shell lines
            command, shell=True, cwd=checkout, env=environment, capture_output=True, text=True, timeout=240
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # As it lies there when it was broken off: with a Python, but without pip.
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(environment["PYTHON"])
    try:
        assert "Installing" in run(CONTAINER["postCreateCommand"])
        assert "ready" in run(CONTAINER["postStartCommand"])
        health = httpx2.get(f"http://127.0.0.1:{ports['WORKSHOP_GATEWAY_PORT']}/health", trust_env=False)
        assert health.json()["ok"] is True
        kernel = CONTAINER["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
        python = kernel.replace("${containerWorkspaceFolder}", str(checkout))
        assert run(f'"{python}" -c "import workshop, ipykernel; print(workshop.__file__)"').startswith(
            str(checkout)
        )
    finally:
        run("make down")
