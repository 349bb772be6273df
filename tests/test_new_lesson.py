"""A lesson more is a notebook and a package of checks: nothing that exists is edited, and everything finds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.authoring import sample_lesson
from workshop import catalog
from workshop.settings import Settings

ROOT = Path(__file__).parents[1]

CHECK = '''"""The check of the greeting."""

from __future__ import annotations

from types import ModuleType

from workshop.checks.bench import Bench, NotYet, need_function
from workshop.checks.registry import exercise


@exercise(
    proves="You can greet.",
    hints=("Whom?", "Join two words: https://docs.python.org/3/", "return ..."),
    temporal=False,
)
async def greet(bench: Bench) -> None:
    found = await bench.run(probe_greeting, "Ann")
    if found != "Hello, Ann":
        raise NotYet("Hello, Ann", found, "`greet`")


def probe_greeting(module: ModuleType, name: str) -> str:
    return str(need_function(module, "greet")(name))
'''

COMMANDS = """
import json, sys
from typer.testing import CliRunner
from workshop.__main__ import app
from workshop.authoring.__main__ import app as authoring

lesson, solved, unsolved = sys.argv[1:]
said = {}
for name, command, arguments in (
    ("build", authoring, ["build"]),
    ("lint", authoring, ["lint", lesson]),
    ("course", app, ["course", "--lesson", lesson]),
    ("grade", app, ["grade", "--json", solved, unsolved]),
    ("status", app, ["status"]),
    ("reset", app, ["reset", "--yes", f"{lesson}.1"]),
):
    result = CliRunner().invoke(command, arguments)
    said[name] = [result.exit_code, result.stdout]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course with one lesson more."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("src", "solutions", "notebooks"):
        shutil.copytree(
            ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "my", "*.egg-info")
        )
    shutil.copy(ROOT / "README.md", root)
    number = catalog.lessons()[-1].number + 3
    cells = [
        cell
        for cell in sample_lesson.lesson_cells()
        # Only one exercise.
        if not cell["id"].endswith(("-1-1", "-1-2"))
    ]
    cells[0]["source"] = (
        cells[0]["source"].replace("# 1 ·", f"# {number} ·").replace("12 minutes", "5 minutes")
    )
    cells[1]["source"] = cells[1]["source"].replace("lab.start()", 'lab.start("small")')
    cells[3:3] = sample_lesson.exercise(1, lesson=number)
    sample_lesson.write(root / "solutions" / f"{number:02}_small.ipynb", cells)
    package = root / "src" / "workshop" / "exercises" / "small"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "greet.py").write_text(CHECK, encoding="utf-8")
    return root


@pytest.mark.timeout(240)
def test_a_lesson_more_is_found_by_everything(course: Path, services: Settings, tmp_path: Path) -> None:
    (solution,) = (course / "solutions").glob("*_small.ipynb")
    number = solution.name[:2].lstrip("0")
    notebook = course / "notebooks" / solution.name
    solved = tmp_path / solution.name
    shutil.copy(solution, solved)
    ran = subprocess.run(
        [sys.executable, "-c", COMMANDS, number, str(solved), str(notebook)],
        env={**os.environ, "PYTHONPATH": str(course / "src"), "WORKSHOP_STATE_DIR": str(services.state_dir)},
        cwd=course,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(ran.stdout.splitlines()[-1])
    assert {name: code for name, (code, _) in said.items()} == dict.fromkeys(said, 0), said
    assert f"notebooks/{solution.name}: written" in said["build"][1]
    readme = (course / "README.md").read_text(encoding="utf-8")
    assert f"| {number} | [A small lesson](notebooks/{solution.name}) | 5 | 5 |" in readme
    assert f"| Lesson {number} |" in readme
    assert "1 lessons, 0 problems" in said["lint"][1]
    assert "1/1" in said["course"][1]
    scores = [(report["earned"], report["lesson"]) for report in json.loads(said["grade"][1])]
    assert scores == [(2, int(number)), (0, int(number))]
    assert f"{number} · A small lesson" in said["status"][1]
