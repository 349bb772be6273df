"""Reading lessons, exercises and their solutions out of notebooks."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.authoring.sample_lesson import lesson_cells, write
from workshop import catalog
from workshop.checks import progress
from workshop.lab.standing_in import stand_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "01_small.ipynb")
    return tmp_path


def test_a_lesson_says_what_it_holds(folder: Path) -> None:
    (lesson,) = catalog.lessons(folder)
    assert (lesson.number, lesson.title, lesson.name) == (1, "A small lesson", "01_small")
    assert (lesson.minutes, lesson.core_minutes, lesson.points) == (12, 5, 4)
    first, second = lesson.exercises
    assert (first.id, first.title, first.minutes, first.difficulty, first.path, first.points) == (
        "1.1",
        "Greet",
        5,
        1,
        "core",
        2,
    )
    assert second.path == "full"
    assert (first.grade_id, first.check_grade_id) == ("ex-1-1", "check-1-1")
    assert first.file == "my/small/greet.py"
    assert first.check_source == 'await check("1.1")'
    assert catalog.lesson(1, folder) == lesson


def test_solution_and_shipped_source(folder: Path) -> None:
    solution = catalog.solution_source("1.1", folder)
    shipped = catalog.shipped_source("1.1", folder)
    assert "SOLUTION" not in solution
    assert 'return ", ".join(words)' in solution
    assert shipped == ("%%writefile my/small/greet.py\ndef greet(name):\n    ...  # your code here")
    for source in (solution, shipped):
        ast.parse(source.split("\n", 1)[1])


def test_several_solutions_in_one_cell() -> None:
    source = (
        "a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION\n"
        "if a:\n  ### BEGIN SOLUTION\n  c = 3\n  ### END SOLUTION"
    )
    assert catalog.clear_solutions(source) == ("a = 1\n...  # your code here\nif a:\n  ...  # your code here")


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\na = 1",
        "a = 1\n### END SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
    ],
)
def test_markers_that_do_not_pair_are_an_error(source: str) -> None:
    with pytest.raises(catalog.LessonError, match="SOLUTION"):
        catalog.clear_solutions(source)


def test_unknown_names_are_answered_with_the_known(folder: Path) -> None:
    with pytest.raises(catalog.UnknownExercise, match=r"'1\.9'.*1\.1, 1\.2"):
        catalog.solution_source("1.9", folder)
    with pytest.raises(LookupError, match="no lesson 7"):
        catalog.lesson(7, folder)
    assert catalog.lessons(folder / "nothing here") == ()


def test_a_saved_notebook_is_read_anew(folder: Path) -> None:
    path = folder / "01_small.ipynb"
    assert catalog.lessons(folder)[0].title == "A small lesson"
    path.write_text(path.read_text(encoding="utf-8").replace("A small", "Another"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert catalog.lessons(folder)[0].title == "Another lesson"


@pytest.mark.parametrize(
    ("cell", "old", "new", "message"),
    [
        (0, "# 1 · A", "# A", "cell 0 must hold a heading"),
        (0, "minutes", "hours", "how long the lesson takes"),
        (3, "· 5 min", "(5 min)", "should look like"),
        (3, "Exercise 1.1", "Exercise 2.1", "exercise 2.1 in lesson 1"),
    ],
)
def test_a_malformed_lesson_is_named(tmp_path: Path, cell: int, old: str, new: str, message: str) -> None:
    cells = lesson_cells()
    cells[cell]["source"] = cells[cell]["source"].replace(old, new)
    path = write(tmp_path / "01_small.ipynb", cells)
    with pytest.raises(catalog.LessonError, match=message) as caught:
        catalog.parse(path)
    assert str(caught.value).startswith("01_small.ipynb: ")


def test_missing_cells_points_and_doubles_are_errors(tmp_path: Path) -> None:
    cells = lesson_cells()
    del cells[5]
    with pytest.raises(catalog.LessonError, match="check-1-1"):
        catalog.parse(write(tmp_path / "a.ipynb", cells))
    cells = lesson_cells()
    cells[5]["metadata"]["nbgrader"]["points"] = 0
    with pytest.raises(catalog.LessonError, match="at least one point"):
        catalog.parse(write(tmp_path / "b.ipynb", cells))
    cells = lesson_cells()
    with pytest.raises(catalog.LessonError, match="same id"):
        catalog.parse(write(tmp_path / "c.ipynb", [*cells, *cells[3:7]]))
    (tmp_path / "d.ipynb").write_text("[]")
    with pytest.raises(catalog.LessonError, match="not a notebook"):
        catalog.parse(tmp_path / "d.ipynb")


def test_two_lessons_with_one_number_are_an_error(folder: Path) -> None:
    write(folder / "02_other.ipynb")
    with pytest.raises(catalog.LessonError, match=r"01_small\.ipynb is lesson 1 too"):
        catalog.lessons(folder)


def test_the_readme_lists_the_lessons_as_they_are() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for lesson in catalog.lessons():
        link = f"[{lesson.title}](notebooks/{lesson.file.name})"
        assert f"| {lesson.number} | {link} | {lesson.minutes} | {lesson.core_minutes} |" in readme


SHIPPED = f"def greet(name):\n    {catalog.PLACEHOLDER}\n"
ANSWERED = f"def greet(name):\n    return name\n    {catalog.PLACEHOLDER}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "missing"),
        (SHIPPED, "as shipped"),
        ("\n" + SHIPPED.replace("\n", "  \r\n") + "\n\n", "as shipped"),
        (f"{catalog.STAND_IN}1.1.\ndef greet(name): ...\n", "standing in"),
        ("# my notes\n" + SHIPPED.removeprefix("def greet(name):"), "as shipped"),
        (ANSWERED, None),
        (SHIPPED.replace("name", "names"), None),
        (SHIPPED.replace(catalog.PLACEHOLDER, "..."), None),
        ("", None),
    ],
)
def test_a_file_is_open_until_something_of_the_learners_is_in_it(
    folder: Path, text: str | None, why: str | None
) -> None:
    path = folder / "greet.py"
    if text is not None:
        path.write_bytes(text.encode())
    exercise = catalog.exercise_of("my/small/greet.py", folder)
    assert exercise
    assert exercise.openness(path) == why


def test_what_no_cell_writes_is_open_only_while_it_is_missing(tmp_path: Path, folder: Path) -> None:
    assert catalog.exercise_of("my/small/other.py", folder) is None
    path = tmp_path / "greet.py"
    assert catalog.openness(path) == "missing"
    path.write_text(SHIPPED)
    assert catalog.openness(path) is None


def test_only_an_open_file_is_stood_in_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(catalog, "solutions_folder", lambda: folder)
    path = Path("my/small/greet.py")
    for content in (None, SHIPPED):
        if content is not None:
            path.write_text(content)
        stand_in("1.1")
        assert path.read_text().startswith(f"{catalog.STAND_IN}1.1.\n")
        assert "stands in for exercise 1.1" in capsys.readouterr().out
    for content in (path.read_text() + "# unchanged", ANSWERED):
        path.write_text(content)
        stand_in("1.1")
        assert path.read_text() == content
    assert capsys.readouterr().out == ""

    # The learner's own file stays in use: said, as long as it has not passed.
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(folder / "state"))
    monkeypatch.delenv("WORKSHOP_NO_PROGRESS", raising=False)
    path.write_text(ANSWERED)
    stand_in("1.1")
    assert capsys.readouterr().out.startswith("1.1 has not passed; your file is used: my/small/greet.py.")
    progress.record("1.1", passed=True)
    stand_in("1.1")
    assert capsys.readouterr().out == ""
