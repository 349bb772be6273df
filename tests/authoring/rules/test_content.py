"""Authoring: notebooks cut from solutions, the rules of a lesson, stored outputs."""

from __future__ import annotations

import copy
import json
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner

from tests.authoring.sample_lesson import Cell, code, exercise, lesson_cells, markdown, write
from workshop import catalog, settings
from workshop.authoring import __main__ as cli
from workshop.authoring import execute, notebooks, skeleton
from workshop.authoring.build import build
from workshop.authoring.lint import lint

HINTS = ("What does a greeting need?", "See https://docs.python.org/3/", 'return f"Hello, {name}"')


def registered(exercise_id: str, **changes: Any) -> Any:
    known = {"hints": HINTS, "proves": "You can greet.", "files": ("my/small/greet.py",)}
    return SimpleNamespace(**{**known, **changes})


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one small lesson, which the commands take for theirs."""
    write(tmp_path / "solutions" / "01_small.ipynb")
    (tmp_path / "notebooks").mkdir()
    own = settings.load().model_copy(update={"root": tmp_path})
    monkeypatch.setattr(settings, "load", lambda *_: own)
    return tmp_path


# -- build -----------------------------------------------------------------------------------------------


def test_build_cuts_solutions_out_and_keeps_everything_else(course: Path) -> None:
    assert build(course / "solutions", course / "notebooks").written == ("01_small.ipynb",)
    made = json.loads((course / "notebooks" / "01_small.ipynb").read_text())["cells"]
    source = lesson_cells()
    assert [cell["id"] for cell in made] == [cell["id"] for cell in source]
    solution, check = made[4], made[5]
    assert "".join(solution["source"]) == catalog.shipped_source("1.1", course / "solutions")
    assert solution["metadata"]["deletable"] is False
    assert "editable" not in solution["metadata"]
    assert (check["metadata"]["deletable"], check["metadata"]["editable"]) == (False, False)
    assert check["metadata"]["tags"] == ["raises-exception"]
    assert all(cell["outputs"] == [] for cell in made if cell["cell_type"] == "code")
    assert all(cell["execution_count"] is None for cell in made if cell["cell_type"] == "code")
    for cut, whole in zip(made, source, strict=True):
        if whole["id"] not in ("cell-ex-1-1", "cell-ex-1-2"):
            assert "".join(cut["source"]) == whole["source"]


def test_build_is_stable_to_the_byte_whatever_jupyter_adds(course: Path) -> None:
    build(course / "solutions", course / "notebooks")
    target = course / "notebooks" / "01_small.ipynb"
    first = target.read_bytes()
    assert first.endswith(b"}\n")
    source = course / "solutions" / "01_small.ipynb"
    noisy = json.loads(source.read_text())
    noisy["metadata"]["language_info"].update({"version": "3.12.1", "pygments_lexer": "ipython3"})
    noisy["metadata"]["widgets"] = {"state": {}}
    noisy["cells"][1]["metadata"] = {"execution": {"iopub.status.busy": "2026-01-01"}, "collapsed": True}
    source.write_text(json.dumps(noisy))
    assert build(course / "solutions", course / "notebooks").in_step
    assert target.read_bytes() == first


def test_check_writes_nothing_and_names_what_is_out_of_step(course: Path) -> None:
    run = CliRunner()
    target = course / "notebooks" / "01_small.ipynb"
    result = run.invoke(cli.app, ["build", "--check"])
    assert result.exit_code == 1
    assert "notebooks/01_small.ipynb: out of step" in result.output
    assert not target.exists()
    assert run.invoke(cli.app, ["build"]).exit_code == 0
    assert stat.S_IMODE(target.stat().st_mode) & 0o044
    result = run.invoke(cli.app, ["build", "--check"])
    assert (result.exit_code, result.output) == (0, "1 notebooks in step with solutions/.\n")
    target.with_name("09_gone.ipynb").write_text("{}")
    result = run.invoke(cli.app, ["build", "--check"])
    assert result.exit_code == 1
    assert "notebooks/09_gone.ipynb: no such solution" in result.output


def break_marker(cells: list[Cell]) -> None:
    cells[4]["source"] = cells[4]["source"].replace("    ### END SOLUTION", "")


def break_metadata(cells: list[Cell]) -> None:
    cells[4]["metadata"]["nbgrader"]["grade_id"] = "check-1-1"


def break_cell_type(cells: list[Cell]) -> None:
    cells[0]["source"] += "\n### BEGIN SOLUTION\n### END SOLUTION"


@pytest.mark.parametrize("damage", [break_marker, break_metadata, break_cell_type])
def test_build_writes_nothing_at_all_if_one_source_is_wrong(
    course: Path, damage: Callable[[list[Cell]], None]
) -> None:
    cells = lesson_cells()
    damage(cells)
    write(course / "solutions" / "02_wrong.ipynb", cells)
    result = CliRunner().invoke(cli.app, ["build"])
    assert result.exit_code == 1
    assert "02_wrong.ipynb: nbgrader:" in result.output
    assert list((course / "notebooks").iterdir()) == []


def test_a_failed_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text("old")

    def no_replace(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", no_replace)
    with pytest.raises(OSError, match="disk full"):
        notebooks.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


# -- lint ------------------------------------------------------------------------------------------------


def test_the_sample_lesson_keeps_every_rule(tmp_path: Path) -> None:
    assert lint([write(tmp_path / "01_small.ipynb")], registered) == []


def replace(cell: int, old: str, new: str) -> Callable[[list[Cell]], None]:
    def change(cells: list[Cell]) -> None:
        assert old in cells[cell]["source"]
        cells[cell]["source"] = cells[cell]["source"].replace(old, new)

    return change


def add_code(source: str, printed: str = "", **metadata: Any) -> Callable[[list[Cell]], None]:
    """Put a code cell before the last part and count the cells anew."""

    def change(cells: list[Cell]) -> None:
        cells.insert(-3, code(source, "added", 0, printed, **metadata))
        for count, cell in enumerate((c for c in cells if c["cell_type"] == "code"), start=1):
            cell["execution_count"] = count

    return change


def again(cells: list[Cell]) -> list[Cell]:
    return [{**cell, "id": f"again-{cell['id']}"} for cell in cells]


def add_text(source: str) -> Callable[[list[Cell]], None]:
    return lambda cells: cells.insert(-3, markdown(source, "added"))


def meta(cell: int, **changes: Any) -> Callable[[list[Cell]], None]:
    return lambda cells: cells[cell]["metadata"]["nbgrader"].update(changes)


def output(cell: int, **body: Any) -> Callable[[list[Cell]], None]:
    return lambda cells: cells[cell]["outputs"].append(body)


def drop(cell: int) -> Callable[[list[Cell]], None]:
    return lambda cells: cells.pop(cell)


def shown(data: dict[str, str]) -> Callable[[list[Cell]], None]:
    return output(1, output_type="display_data", data=data, metadata={})


def slide(cell: int, slide_type: str) -> Callable[[list[Cell]], None]:
    return lambda cells: cells[cell]["metadata"].update(slideshow={"slide_type": slide_type})


LONG_ANSWER = "\n".join(f"    words.append({n})" for n in range(13))
KEY = "s" + "k-proj-" + "a1B2" * 6

BREAKS: dict[str, tuple[Callable[[list[Cell]], Any], str]] = {
    "no title": (replace(0, "# 1 · A small", "# A small"), 'write "# 1 · Title"'),
    "no text first": (drop(0), "does not open with text"),
    "number and name differ": (replace(0, "# 1 ·", "# 2 ·"), "name it 02_name.ipynb"),
    "no minutes": (replace(0, "minutes", "hours"), 'write "about 40 minutes"'),
    "too many minutes": (replace(7, "5 min", "9 min"), "the exercises take 14 minutes, the lesson says 12"),
    "too many core minutes": (
        replace(7, "· full", "· core"),
        "core exercises take 10 minutes, the lesson says 5",
    ),
    "no core minutes": (replace(0, ", of which the core takes 5 minutes", ""), "how long its core takes"),
    "second title": (add_text("# Again"), "second heading of level 1"),
    "heading jumps": (add_text("## Part\n\n#### Deep"), '"Deep" jumps from level 2 to 4'),
    "exercise without part": (drop(2), "jumps from level 1 to 3"),
    "no lab.start": (replace(1, "lab.start()", "lab"), "call lab.start(...)"),
    "heading form": (replace(3, "· 5 min ·", "(5 min)"), "is not the heading of an exercise"),
    "heading level": (replace(3, "### ", "## "), "is not the heading of an exercise"),
    "order": (lambda cells: cells.extend(again(exercise(1))), "exercise 1.1 stands where 1.3 belongs"),
    "other lesson": (replace(3, "1.1", "3.1"), "exercise 3.1 stands where 1.1 belongs"),
    "four bullets": (replace(3, "- Use a comma.", "- a\n- b\n- c\n- d"), "4 bullets"),
    "numbered task": (replace(3, "- Use a comma.", "1. One\n2. Two"), "one exercise, one task"),
    "no task": (replace(3, "Return a greeting that holds the name.", ""), "say in a sentence what to do"),
    "no solution cell": (drop(4), "the solution cell of 1.1 is not here"),
    "solution locked": (meta(4, locked=True), "not marked as a plain solution cell"),
    "no markers": (replace(4, "    ### BEGIN SOLUTION\n", ""), "out of place"),
    "no region": (
        lambda c: (break_marker(c), replace(4, "    ### BEGIN SOLUTION\n", "")(c)),
        "no complete solution",
    ),
    "short solution": (replace(4, "    words.append(name)\n", ""), "has 2 lines: leave the learner 3 to 12"),
    "long solution": (replace(4, "    words.append(name)", LONG_ANSWER), "has 15 lines"),
    "placeholder": (replace(4, 'words = ["Hello"]', catalog.PLACEHOLDER), "placeholder is left"),
    "no check cell": (drop(5), "the check cell of 1.1 is not here"),
    "check does more": (
        replace(5, 'check("1.1")', 'check("1.1"); print(1)'),
        'write only: await check("1.1")',
    ),
    "check of another": (replace(5, "1.1", "1.2"), 'write only: await check("1.1")'),
    "check not graded": (meta(5, grade=False, solution=False, locked=True), "graded, locked cell"),
    "no points": (meta(5, points=0), "worth 0 points"),
    "no tag": (lambda cells: cells[5]["metadata"].pop("tags"), 'the tag "raises-exception"'),
    "not passed": (lambda cells: cells[5]["outputs"][0].update(text="NOT YET"), "does not say PASSED"),
    "no hint line": (replace(6, "hint", "help"), '`hint("1.1")`'),
    "stray nbgrader": (lambda c: c[1]["metadata"].update(c[4]["metadata"]), "nbgrader metadata outside"),
    "stray marker": (add_code("### BEGIN SOLUTION\n### END SOLUTION"), "marker outside an exercise"),
    "stray check": (add_code('await check("1.1")', "PASSED"), "a check outside an exercise"),
    "hidden error": (add_code("a = 1", tags=["raises-exception"]), "catch the exception"),
    "nothing proved": (replace(11, "What you proved", "The end"), 'no heading says "proved"'),
    "nowhere to go": (replace(13, "Where to read on", "Links"), 'no heading says "read on"'),
    "four questions": (
        replace(12, QUESTION := "<details><summary>What is checked?</summary>The greeting.</details>", ""),
        "holds 4 questions",
    ),
    "unclosed answer": (replace(12, "A name.</details>", "A name."), "do not pair"),
    "no summary": (replace(12, "<summary>Who gives it?</summary>", "Who?"), "no <summary>"),
    "same cell id": (lambda cells: cells[2].update(id="start"), "two cells have the id 'start'"),
    "long cell": (add_code("\n".join(f"a{n} = {n}" for n in range(26))), "26 lines: split it"),
    "long text": (add_text("\n".join("word" for _ in range(26))), "26 lines: split it"),
    "no alt text": (add_text("![](cloud.png)"), "no alt text"),
    "no alt in html": (add_text('<img src="cloud.png" alt="">'), "no alt text"),
    "svg without title": (shown({"image/svg+xml": "<svg></svg>"}), "an SVG in the output has no title"),
    "svg in html": (shown({"text/html": "<svg></svg>"}), "an SVG in the output has no title"),
    "bitmap": (shown({"image/png": "iVBORw0KGgo="}), "a picture without words"),
    "pip magic": (add_code("%pip install rich"), "installs a package"),
    "pip shell": (add_code("!python -m pip install rich"), "installs a package"),
    "pip in bash": (add_code("%%bash\nset -e\npip install rich"), "installs a package"),
    "banner": (add_code('print("=" * 40)', "====\n"), "prints a banner"),
    "banner in words": (add_code('print("--- Result ---")', "---\n"), "prints a banner"),
    "ok sign": (add_code('print("[OK]")', "[OK]\n"), "prints a banner"),
    "input": (add_code('name = input("Name?")'), "waits for typing"),
    "key set": (add_code('import os\nos.environ["OPENAI_API_KEY"] = key'), "handles the key"),
    "env written": (add_code("%%writefile .env\nA=1", "Writing .env\n"), "handles the key"),
    "file elsewhere": (add_code("%%writefile agent.py\na = 1", "Writing agent.py\n"), "to my/<folder>/"),
    "emoji": (add_text("Well done \U0001f389"), "the sign U+1F389"),
    "check mark printed": (add_code("print(a)", "\u2705 done\n"), "the sign U+2705"),
    "key": (add_code(f'key = "{KEY}"'), "looks like a key"),
    "key in output": (add_code("print(key)", KEY), "looks like a key"),
    "path": (add_code('open("/home/ada/notes.txt")'), "an absolute path"),
    "path in output": (add_code("print(a)", "saved to /tmp/ab12/x.py\n"), "an absolute path"),
    "windows path": (add_code("print(a)", "C:\\Users\\ada\n"), "an absolute path"),
    "address": (add_code("print(a)", "<Agent at 0x7f12ab34cd56>\n"), "an address in memory"),
    "activity": (add_text("Your next activities:"), '"exercise"'),
    "never run": (
        lambda c: [x.update(execution_count=None) for x in c if "outputs" in x],
        "holds no outputs",
    ),
    "one not run": (lambda cells: cells[4].update(execution_count=None), "was not run"),
    "out of order": (lambda cells: cells[4].update(execution_count=7), "ran as number 7, not 2"),
    "nothing stored": (add_code("print(a)"), "no output is stored"),
    "empty cell": (add_code(""), "an empty code cell"),
    "error stored": (
        output(1, output_type="error", ename="E", evalue="", traceback=["E"]),
        "an error is stored",
    ),
    "stderr": (output(1, output_type="stream", name="stderr", text="Warning"), "stored output on stderr"),
    "widget": (shown({"application/vnd.jupyter.widget-view+json": "{}"}), "a widget is stored"),
    "no slide type": (slide(2, "big"), "'big' is no slide type: write one of slide, subslide"),
    "no slide metadata": (lambda c: c[2]["metadata"].update(slideshow=3), "3 is no slide type"),
    "title not a slide": (slide(0, "skip"), "the lesson's title does not begin a slide"),
    "exercise hidden": (slide(3, "notes"), "an exercise does not begin a slide"),
    "slide type said twice": (slide(2, "slide"), "says that it is slide, which it is anyway"),
    "traces of a run": (lambda c: c[1]["metadata"].update(execution={"a": "b"}), "run: tidy"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_is_broken_once(tmp_path: Path, name: str) -> None:
    damage, expected = BREAKS[name]
    cells = copy.deepcopy(lesson_cells())
    damage(cells)
    problems = [str(problem) for problem in lint([write(tmp_path / "01_small.ipynb", cells)], registered)]
    assert any(expected in problem for problem in problems), problems
    assert all(problem.startswith("01_small.ipynb: ") for problem in problems)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hints": HINTS[:2]}, "the ladder of 1.1 has 2 hints"),
        ({"hints": (HINTS[0], "", HINTS[2])}, "the ladder of 1.1"),
        ({"hints": ("a", "b", "c")}, "has no link"),
        ({"proves": "greeting"}, "is not a sentence"),
        ({"files": ("my/small/other.py",)}, "writes my/small/greet.py, its check reads my/small/other.py"),
    ],
)
def test_what_is_registered_must_be_whole(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    path = write(tmp_path / "01_small.ipynb")
    problems = lint([path], lambda name: registered(name, **(changes if name == "1.1" else {})))
    assert [expected in str(problem) for problem in problems] == [True]
    (first, second) = lint([path], lambda _: None)
    assert "cell 3: no check of 1.1 is registered: add it to workshop.exercises.small.greet" in str(first)
    assert second.cell == 7


@pytest.mark.parametrize(
    "harmless",
    [
        add_text("The price is 3/home and https://example.org/home/x, a `/json/` path and ~/my."),
        add_text("See the picture: ![A cloud](cloud.svg)"),
        add_text("```python\n# a comment is no heading\n```"),
        add_text("A Temporal Activity is something else."),
        add_code("pipeline = [1]\nuv_index = 3"),
        slide(2, "subslide"),
        slide(4, "notes"),
        add_code('print("a - b", name_input(1))', "a - b\n"),
        shown({"image/svg+xml": "<svg><title>A cloud</title></svg>", "text/plain": "A cloud"}),
    ],
)
def test_rules_leave_harmless_cells_alone(tmp_path: Path, harmless: Callable[[list[Cell]], None]) -> None:
    cells = lesson_cells()
    harmless(cells)
    assert lint([write(tmp_path / "01_small.ipynb", cells)], registered) == []


def test_the_lint_command_says_where_what_and_how(course: Path) -> None:
    cells = lesson_cells()
    cells[5]["metadata"]["tags"] = []
    write(course / "solutions" / "01_small.ipynb", cells)
    result = CliRunner().invoke(cli.app, ["lint", "1"])
    assert result.exit_code == 1
    assert (
        '01_small.ipynb: cell 5: check-1-1 would stop Run All: give it the tag "raises-exception"'
        in result.output
    )
    assert "there is no lesson '7'; there are: 01_small" in CliRunner().invoke(cli.app, ["lint", "7"]).output


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": []}']
)
def test_a_file_that_is_no_notebook_is_a_problem_not_a_crash(tmp_path: Path, content: str) -> None:
    path = tmp_path / "01_broken.ipynb"
    path.write_text(content)
    (problem,) = lint([path], registered)
    assert str(problem).startswith("01_broken.ipynb: ")


# -- new, tidy, execute ----------------------------------------------------------------------------------


def test_a_new_lesson_needs_only_to_be_filled_in_and_run(course: Path) -> None:
    assert CliRunner().invoke(cli.app, ["new", "2", "greeting"]).exit_code == 0
    path = course / "solutions" / "02_greeting.ipynb"
    first = path.read_bytes()
    files = ("my/greeting/name.py",)
    problems = [str(problem) for problem in lint([path], lambda name: registered(name, files=files))]
    assert all("execute" in problem for problem in problems), problems
    assert CliRunner().invoke(cli.app, ["new", "2", "other"]).exit_code == 1
    path.unlink()
    assert skeleton.new(course / "solutions", 2, "greeting").read_bytes() == first
    with pytest.raises(ValueError, match="lower case"):
        skeleton.new(course / "solutions", 3, "Two Words")


def test_tidy_takes_out_what_is_not_content(course: Path) -> None:
    path = course / "solutions" / "01_small.ipynb"
    clean = path.read_bytes()
    noisy = json.loads(clean)
    noisy["metadata"]["language_info"]["version"] = "3.13.0"
    noisy["cells"][1]["metadata"]["scrolled"] = True
    path.write_text(json.dumps(noisy))
    assert CliRunner().invoke(cli.app, ["tidy"]).output == "01_small.ipynb: tidied\n"
    assert path.read_bytes() == clean
    assert CliRunner().invoke(cli.app, ["tidy"]).output == ""


def test_outputs_are_normalised() -> None:
    cell = nbformat.v4.new_code_cell("print(1)", execution_count=41)
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "4f"}, "text/plain": "Meter"}
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="Overwriting my/a.py\n"),
        nbformat.v4.new_output("stream", name="stdout", text="more\n"),
        nbformat.v4.new_output("display_data", data=widget, metadata={"text/html": {"isolated": True}}),
        nbformat.v4.new_output("execute_result", data={"text/plain": "1"}, execution_count=41),
    ]
    notebook = notebooks.normalise(nbformat.v4.new_notebook(cells=[cell]))
    stream, display, result = notebook.cells[0].outputs
    assert stream.text == "Writing my/a.py\nmore\n"
    assert (display.data, display.metadata) == ({"text/plain": "Meter"}, {})
    assert (notebook.cells[0].execution_count, result.execution_count) == (1, 1)


def test_execute_stores_outputs_and_leaves_a_failing_notebook_alone(course: Path) -> None:
    said: list[str] = []
    good = write(
        course / "solutions" / "02_good.ipynb",
        [
            code("%%writefile my_file.py\na = 1", "w", 0),
            code('import os\nprint(os.environ["WORKSHOP_MODE"], os.listdir())', "a", 0),
            code("6 * 7", "b", 0, tags=["raises-exception"]),
        ],
    )
    execute.execute([good], said.append, own_services=False)
    execute.execute([good], said.append, own_services=False)
    cells = json.loads(good.read_text())["cells"]
    assert cells[0]["outputs"][0]["text"] == ["Writing my_file.py\n"]
    assert cells[1]["outputs"][0]["text"] == ["practice ['my_file.py']\n"]
    assert cells[2]["outputs"][0]["data"] == {"text/plain": ["42"]}
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3]
    assert cells[2]["metadata"] == {"tags": ["raises-exception"]}
    assert said[1::2] == ["02_good.ipynb: outputs refreshed", "02_good.ipynb: nothing changed"]
    bad = write(course / "solutions" / "03_bad.ipynb", [code("1 / 0", "a", 0, tags=["raises-exception"])])
    before = bad.read_bytes()
    with pytest.raises(execute.ExecutionFailed, match=r"03_bad\.ipynb: cell 0: ZeroDivisionError"):
        execute.execute([bad], said.append, own_services=False)
    assert bad.read_bytes() == before
