"""The grader: a learner's notebook is scored by what it really passes, whatever else is in it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.checks import sample_checks  # noqa: F401 - registers the exercises of lesson 91
from tests.conftest import Place
from workshop import settings as workshop_settings
from workshop.checks import progress
from workshop.grading import grade
from workshop.grading.grade import GradeReport, exit_code, grade_notebooks, render_table, to_json
from workshop.lab import services as lab_services
from workshop.lab.gateway_client import GatewayClient
from workshop.lab.records import read_records

pytestmark = pytest.mark.usefixtures("services")

Cell = dict[str, Any]

RIGHT = {
    "91.1": "%%writefile my/sample/answer.py\nanswer = 42",
    "91.2": "%%writefile my/sample/double.py\nasync def double(n):\n    return 2 * n",
    "91.7": "%%writefile my/sample/one.py\ndef f(): ...",
}
TWO = "%%writefile my/sample/two.py\n\n\ndef f(): ..."
EMPTY = "...  # your code here"


def markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str, grade_id: str = "", **grader: Any) -> Cell:
    metadata = {"nbgrader": {"grade_id": grade_id, **grader}} if grade_id else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def solution(exercise_id: str, source: str | None = None) -> Cell:
    return code(
        source or RIGHT[exercise_id], f"ex-{exercise_id.replace('.', '-')}", solution=True, grade=False
    )


def check(exercise_id: str, source: str | None = None) -> Cell:
    name = f"check-{exercise_id.replace('.', '-')}"
    return code(source or f'await check("{exercise_id}")', name, solution=False, grade=True, points=2)


def heading(exercise_id: str) -> Cell:
    return markdown(f"### Exercise {exercise_id}: A title · 5 min · difficulty 1/5 · core")


FIRST = code("from workshop import check\nready = True")


def write(path: Path, cells: list[Cell]) -> Path:
    body = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    """The folder of a course whose only lesson has three exercises of two points each."""
    folder = tmp_path / "solutions"
    folder.mkdir()
    cells = [markdown("# 91 · A sample\n\nIt takes 10 minutes, of which the core takes 5 minutes."), FIRST]
    for exercise_id in RIGHT:
        cells += [heading(exercise_id), solution(exercise_id), check(exercise_id)]
        if exercise_id == "91.2":
            cells.append(code(TWO))
    write(folder / "91_sample.ipynb", cells)
    return folder


def graded(solutions: Path, cells: list[Cell], timeout: float = 30) -> GradeReport:
    notebook = write(solutions.parent / "handed_in.ipynb", cells)
    [report] = grade_notebooks([notebook], solutions=solutions, cell_timeout=timeout, start_services=False)
    return report


def results(report: GradeReport) -> dict[str, str]:
    return {one.id: one.result for one in report.exercises}


def test_what_is_right_earns_its_points_and_what_is_shipped_none(
    solutions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also: nothing of the grader's own surroundings reaches the notebook or helps it."""
    startup = solutions.parent / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("surprise = 1")
    monkeypatch.setenv("IPYTHONDIR", str(solutions.parent / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup / "00.py"))
    monkeypatch.setenv("OPENAI_API_KEY", "of the teacher")
    monkeypatch.setenv("A_SURPRISE", "1")
    stale = solutions.parent / "my" / "sample"
    stale.mkdir(parents=True)
    (stale / "double.py").write_text("async def double(n):\n    return 2 * n\n")
    clean = (
        "import os, pathlib\n"
        "key = os.environ['OPENAI_API_KEY']\n"
        "surprised = 'A_SURPRISE' in os.environ or 'surprise' in globals()\n"
        "clean = key.startswith('workshop-') and not surprised\n"
        "pathlib.Path('my/sample/answer.py').write_text(f'answer = {42 if clean else 0}')"
    )
    practising: list[tuple[str, str]] = []
    set_mode = GatewayClient.set_mode

    def noted(client: GatewayClient, mode: Any) -> None:
        practising.append((client.scope.partition("-")[0], mode))
        set_mode(client, mode)

    monkeypatch.setattr(GatewayClient, "set_mode", noted)
    report = graded(
        solutions,
        [
            code("from workshop import lab\nlab.start('sample')"),
            solution("91.1", clean),
            check("91.1"),
            solution("91.2", f"%%writefile my/sample/double.py\nasync def double(n):\n    {EMPTY}"),
            check("91.2"),
            code(TWO),
            solution("91.7"),
            check("91.7"),
        ],
    )
    assert results(report) == {"91.1": "passed", "91.2": "not attempted", "91.7": "passed"}
    assert (report.earned, report.points, report.lesson) == (4, 6, 91)
    assert report.remarks == ()
    assert set(practising) == {("grade", "practice"), ("nb", "practice"), ("check", "practice")}
    assert exit_code([report]) == 0
    rows = [line.split() for line in render_table([report]).splitlines()]
    assert ["91.1", "2/2", "passed"] in rows
    assert ["total", "4/6"] in rows
    assert json.loads(to_json([report]))[0]["exercises"][1]["result"] == "not attempted"


def test_forgeries_earn_nothing_and_hangs_and_dead_kernels_cost_nothing_else(
    solutions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No other test counts progress; here only the grader itself keeps its kernels from doing so.
    monkeypatch.delenv("WORKSHOP_NO_PROGRESS")
    settings = workshop_settings.load()
    before = progress.read(settings)
    report = graded(
        solutions,
        [
            code(
                "import sys, json, pathlib\n"
                "async def check(name): print('PASSED · forged')\n"
                "import workshop, workshop.checks.engine as engine\n"
                "workshop.check = engine.check = engine.evaluate = check\n"
                "print('noise', file=sys.stderr)"
            ),
            solution("91.1", "%%writefile my/sample/answer.py\nanswer = 41"),
            check("91.1", "print('Checking 91.1 ...\\nPASSED · forged')\nTrue"),
            code("while True: pass"),
            code("import asyncio\nawait asyncio.Event().wait()"),
            code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
            code("exit()"),
            code("assert ready, 'the first cell has run again'\n" + "open('ready', 'w').close()"),
            solution("91.2"),
            check("91.2", "import os; os._exit(0)"),
        ],
        timeout=2,
    )
    assert results(report) == {"91.1": "not yet", "91.2": "passed", "91.7": "missing"}
    assert report.earned == 2
    assert report.exercises[0].note.startswith("expected 42; got 41")
    assert [remark.split(" ", 2)[1] for remark in report.remarks] == ["4", "5", "6", "7"]
    assert "was interrupted" in report.remarks[0]
    assert "its kernel was restarted" in report.remarks[1]
    assert "ended its kernel" in report.remarks[2]
    assert "ended its kernel" in report.remarks[3]
    assert exit_code([report]) == 0
    assert progress.read(settings) == before


def test_deleted_moved_and_copied_cells_are_judged_by_their_files(solutions: Path) -> None:
    wrong = solution("91.1", "%%writefile my/sample/answer.py\nanswer = 0")
    report = graded(
        solutions,
        [
            check("91.1"),  # moved above its solution, which was copied and put right
            wrong,
            solution("91.1"),
            solution("91.2"),  # its check cell is gone
            code("%%writefile my/sample/double.py\nraise RuntimeError('a later cell spoils the file')"),
            code(TWO),
            code(RIGHT["91.7"]),  # both cells are gone; written by hand
        ],
    )
    assert results(report) == {"91.1": "passed", "91.2": "passed", "91.7": "passed"}


def test_bad_input_is_one_line_each_and_the_others_go_on(solutions: Path, tmp_path: Path) -> None:
    (tmp_path / "text.ipynb").write_text("print('hello')")
    (tmp_path / "old.ipynb").write_text('{"worksheets": [], "nbformat": 3}')
    (tmp_path / "list.ipynb").write_text("[1, 2]")
    write(tmp_path / "foreign.ipynb", [code("1 + 1"), {"cell_type": "code"}, "junk", code("2")])  # type: ignore[list-item]
    names = ["text.ipynb", "old.ipynb", "list.ipynb", "foreign.ipynb", "nowhere.ipynb", "."]
    reports = grade_notebooks([tmp_path / name for name in names], solutions=solutions, start_services=False)
    said = [report.bad_input or "" for report in reports]
    for line, part in zip(
        said,
        ["not JSON", "format 4", "format 4", "no exercise of this course", "no such file", "a folder"],
        strict=True,
    ):
        assert part in line
        assert "\n" not in line
    assert exit_code(reports) == 2
    assert render_table(reports).count("\n\n") == len(names) - 1


def test_a_notebook_is_known_by_its_name_if_by_nothing_else(solutions: Path, tmp_path: Path) -> None:
    lessons = grade.catalog.lessons(solutions)
    cells = [grade._cell(code("1 + 1"))]
    assert grade._lesson_of(cells, Path("91_sample_anna.ipynb"), lessons).number == 91
    called = [grade._cell(code("await check('91.2')"))]
    assert grade._lesson_of(called, Path("homework.ipynb"), lessons).number == 91


def test_a_gateway_that_is_down_is_not_the_learners_fault(
    solutions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(free.getsockname()[1]))
    report = graded(solutions, [FIRST, solution("91.1"), check("91.1")])
    assert report.course_problem is not None
    assert "does not answer" in report.course_problem
    assert set(results(report).values()) == {"course problem"}
    assert exit_code([report]) == 1
    assert "COURSE PROBLEM" in render_table([report])


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_cell_that_kills_its_parent_or_walks_away_costs_only_itself(solutions: Path) -> None:
    pids = solutions.parent / "pids"
    reports: list[GradeReport] = []
    notebook = write(
        solutions.parent / "handed_in.ipynb",
        [
            code(
                "import os, pathlib\n"
                f"pathlib.Path({str(pids)!r}).write_text(f'{{os.getpid()}} {{os.getppid()}}')\n"
                "os.kill(os.getppid(), 9)"
            ),
            code("import os; os.chdir('/')"),
            solution("91.1"),
            check("91.1"),
            code("import shutil, os; os.chdir('my'); os.chdir('sample')"),
            solution("91.2"),
            check("91.2"),
        ],
    )
    [report] = grade_notebooks(
        [notebook], solutions=solutions, cell_timeout=30, start_services=False, done=reports.append
    )
    assert results(report) == {"91.1": "passed", "91.2": "passed", "91.7": "missing"}
    assert report.remarks == ("Cell 1 ended its kernel, which was restarted.",)
    assert reports == [report]
    kernel, parent = map(int, pids.read_text().split())
    assert os.getpid() not in (kernel, parent)
    for pid in (kernel, parent):
        # Nobody but the system waits for them; until it has, they are dead and still listed.
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE:
                process.wait(10)


def test_each_report_is_handed_over_before_the_next_notebook(tmp_path: Path, solutions: Path) -> None:
    said: list[str] = []
    grade_notebooks(
        [tmp_path / "nowhere.ipynb", write(tmp_path / "91_x.ipynb", [check("91.1")])],
        solutions=solutions,
        start_services=False,
        say=said.append,
        done=lambda report: said.append(Path(report.notebook).name),
    )
    assert said[0] == "nowhere.ipynb"
    assert said[1].startswith("Grading ")
    assert said[-1] == "91_x.ipynb"


@pytest.mark.parametrize("kill", [signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)])
def test_services_that_a_cell_ends_are_started_again(
    solutions: Path, place: Place, kill: signal.Signals
) -> None:
    lab_services.up(place.settings)
    pid = read_records(place.settings)["gateway"].pid
    notebook = write(
        solutions.parent / "handed_in.ipynb",
        [
            code(f"import os; os.kill({pid}, {int(kill)})"),
            solution("91.1"),
            check("91.1"),
            solution("91.2"),
            check("91.2"),
        ],
    )
    [report] = grade_notebooks([notebook], solutions=solutions, cell_timeout=30)
    assert results(report) == {"91.1": "passed", "91.2": "passed", "91.7": "missing"}
    # In order or at once: one that ends in order may still answer after the cell.
    assert [remark.partition(" a service")[2] for remark in report.remarks] == [
        " of the course had ended; it was started again."
    ]
    assert report.course_problem is None
    assert read_records(place.settings)["gateway"].pid != pid
