"""A cell that was changed and not run is noticed where the notebook is known; else the file's age is told."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from workshop.checks.cells import note_on

FILE = "my/sample/answer.py"
TEXT = "answer = 42\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    aged(path, 60)
    return path


def aged(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *cells: str) -> Path:
    book = tmp_path / "01_first_agent.ipynb"
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    book.write_text(json.dumps({"cells": made}), encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(book))
    return book


def test_a_cell_that_changed_after_its_file_was_written_is_named(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(tmp_path, monkeypatch, "print(1)", f"%%writefile {FILE}\nanswer = 43")
    assert "has changed since it was run" in note_on(path, FILE, passed=False)
    assert "has changed since it was run" in note_on(path, FILE, passed=True)


def test_a_cell_that_was_run_says_nothing_whatever_was_saved_since(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(tmp_path, monkeypatch, f"%%writefile {FILE}\nanswer = 42")
    assert note_on(path, FILE, passed=False) == ""


def test_a_notebook_that_was_not_saved_since_the_cell_was_run_says_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(notebook(tmp_path, monkeypatch, f"%%writefile {FILE}\nanswer = 41"), 90)
    assert note_on(path, FILE, passed=False) == ""


@pytest.mark.parametrize("text", ["", "{", '{"cells": 5}', '{"cells": [{"cell_type": "code"}]}'])
def test_a_notebook_that_cannot_be_read_says_nothing(
    text: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(tmp_path, monkeypatch).write_text(text, encoding="utf-8")
    assert note_on(path, FILE, passed=False) == ""


def test_without_a_notebook_the_age_is_told_sooner_where_it_may_matter(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    aged(path, 300)
    assert note_on(path, FILE, passed=False) == f"checked {FILE}, saved 5 minutes ago"
    assert note_on(path, FILE, passed=True) == ""
    aged(path, 4 * 3600)
    assert note_on(path, FILE, passed=True) == f"checked {FILE}, saved 4 hours ago"
