"""Notebooks cut from solutions."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.authoring.damage import (
    Damage,
    break_cell_type,
    break_marker,
    break_metadata,
)
from tests.authoring.sample_lesson import lesson_cells, write
from workshop import catalog
from workshop.authoring import __main__ as cli
from workshop.authoring.build import build


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


@pytest.mark.parametrize("damage", [break_marker, break_metadata, break_cell_type])
def test_build_writes_nothing_at_all_if_one_source_is_wrong(course: Path, damage: Damage) -> None:
    cells = lesson_cells()
    damage(cells)
    write(course / "solutions" / "02_wrong.ipynb", cells)
    result = CliRunner().invoke(cli.app, ["build"])
    assert result.exit_code == 1
    assert "02_wrong.ipynb: nbgrader:" in result.output
    assert list((course / "notebooks").iterdir()) == []
