"""The generated notebooks, unsolved, from top to bottom: what a learner has who only presses Run All.

`make test` leaves out the cells that only show something: nbval has run them in the solution, with the same files as
stand-ins write here. `make prove` runs all of them (``--whole-lessons``).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from workshop import settings
from workshop.lab.kernels import ENCRYPTED

NOTEBOOKS = sorted((settings.load().root / "notebooks").glob("*.ipynb"))
WHOLE = re.compile(r"%%writefile |await check\(")
"""What begins a cell that writes a file, or checks one."""
SET_UP = re.compile(r"from workshop import |lab\.(start|stand_in)\(")
"""What begins a line that other cells stand on."""


@pytest.mark.timeout(900)  # a whole lesson
@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_unsolved_notebook_runs_to_its_end(path: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    shutil.copy(path, tmp_path)
    notebook = nbformat.read(path, as_version=4)
    if not pytestconfig.getoption("--whole-lessons"):
        for cell in notebook.cells:
            if not WHOLE.match(cell.source):
                cell.source = "\n".join(line for line in cell.source.splitlines() if SET_UP.match(line))
    folder = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(notebook, config=Config(ENCRYPTED), timeout=120, resources=folder)
    client.execute()  # stops at an error in a cell that may not raise

    checks = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        printed = "".join(output.get("text", "") for output in cell.outputs if output.output_type == "stream")
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if cell.metadata.get("nbgrader", {}).get("grade"):
            checks += 1
            assert "NOT YET ATTEMPTED" in printed, printed
            assert [error.ename for error in errors] == ["NotYetAttempted"]
            assert len(errors[0].traceback) <= 2
        else:
            assert not errors
        assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.source
    assert checks


def test_there_is_a_notebook_for_each_lesson() -> None:
    solutions = {path.name for path in (settings.load().root / "solutions").glob("*.ipynb")}
    assert solutions == {path.name for path in NOTEBOOKS}
    assert solutions
