"""The project to take home: what is written, from whose files, and what is refused before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.exercises.answers import write, written_at_the_end
from workshop import catalog
from workshop.errors import LabError
from workshop.takehome import learner_files, project
from workshop.takehome.recipes import RECIPES

TRACES = re.compile(r"workshop|WORKSHOP|notebook|lesson|course|takehome|\bmy[./]", re.IGNORECASE)


@pytest.fixture(scope="session")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a learner who has done everything."""
    folder = tmp_path_factory.mktemp("learner")
    for lesson in catalog.lessons():
        for name, text in written_at_the_end(lesson.file).items():
            write(folder / name, text)
    return folder


@pytest.mark.timeout(2 * project._PATIENCE + 60)
def test_the_project_answers_once_before_it_is_there(learner: Path, tmp_path: Path) -> None:
    told: list[str] = []
    project.make(tmp_path / "storm-watch", taken=learner / "my/people", say=told.append)
    made = tmp_path / "storm-watch"
    assert told[0] == "Running storm_watch once, with a scripted model ..."
    assert [path.name for path in (made / "tests/histories").iterdir()] == ["first-run.json"]
    assert {path.name for path in tmp_path.iterdir()} == {"storm-watch"}
    assert not list(made.rglob("__pycache__"))


@pytest.mark.parametrize("source", ["", *RECIPES])
def test_nothing_in_it_speaks_of_the_course(source: str, learner: Path) -> None:
    texts = project._texts("storm_watch", learner / "my" / source if source else None)
    for place, text in texts.items():
        traces = [line for line in text.splitlines() if TRACES.search(line)]
        assert not traces, f"{place}: {traces}"
        if place.endswith(".py"):
            compile(text, place, "exec")
    assert "==0.0.0" not in texts["pyproject.toml"]


def test_a_file_that_stands_in_loses_its_note(tmp_path: Path) -> None:
    write(tmp_path / "my/sdk_agent/workflow.py", f"{catalog.STAND_IN}4.1.\nX = 1\n")
    assert learner_files.collect(tmp_path / "my/sdk_agent", ("workflow",), "storm_watch") == {
        "workflow.py": "X = 1\n"
    }


@pytest.mark.parametrize("source", ["", *RECIPES])
def test_its_readme_names_what_is_there(source: str, learner: Path) -> None:
    texts = project._texts("storm_watch", learner / "my" / source if source else None)
    named = set(re.findall(r"`((?:src|tests)/[\w/.]+)`", texts["README.md"]))
    assert len(named) >= 10
    assert not [path for path in named if not any(place.startswith(path) for place in texts)]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("class", "no name for a Python package"),
        ("7", "no name"),
        ("été", "no name"),
        ("json", "another package"),
        ("agents", "another"),
    ],
)
def test_a_name_that_cannot_be(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(LabError, match=says):
        project.make(tmp_path / "new", name=name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    with pytest.raises(LabError, match="not an empty folder"):
        project.make(tmp_path / "full")
    with pytest.raises(LabError, match="There is no folder"):
        project.make(tmp_path / "no" / "where")
    with pytest.raises(LabError, match="These can: my/sdk_agent, my/native_agent, my/people"):
        project.make(tmp_path / "new", taken=tmp_path / "my/transfer")
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "mine.txt"]


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("workflow", "class (:", "my/sdk_agent/workflow.py is not Python: invalid syntax"),
        ("workflow", "from workshop import lab\n", "my/sdk_agent/workflow.py imports workshop, which stays"),
        ("workflow", "from my.sdk_agent.nothing import x\n", "my/sdk_agent/nothing.py is not there"),
        ("activities", 'import os\nX = os.environ["WORKSHOP_SCOPE"]\n', "reads a variable of the course"),
    ],
)
def test_files_that_cannot_be_taken(file: str, text: str, says: str, learner: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my/sdk_agent"
    for one in (learner / "my/sdk_agent").glob("*.py"):
        write(folder / one.name, one.read_text())
    write(folder / f"{file}.py", text)
    with pytest.raises(LabError) as caught:
        learner_files.collect(folder, ("workflow", "activities"), "storm_watch")
    assert says in str(caught.value)


def test_an_error_on_import_is_one_sentence_and_nothing_is_written(learner: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my/sdk_agent"
    for one in (learner / "my/sdk_agent").glob("*.py"):
        write(folder / one.name, one.read_text())
    write(folder / "activities.py", "TOOLS = tols\n")
    with pytest.raises(LabError) as caught:
        project.make(tmp_path / "new", taken=folder)
    assert str(caught.value) == (
        "The project does not import: NameError: name 'tols' is not defined\nNothing was written."
    )
    assert not (tmp_path / "new").exists()
