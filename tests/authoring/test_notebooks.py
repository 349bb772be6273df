"""Notebooks read, made normal, and written."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from workshop.authoring import __main__ as cli
from workshop.authoring import notebooks


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
