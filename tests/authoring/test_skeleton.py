"""A new lesson."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.authoring.damage import (
    registered,
)
from workshop.authoring import __main__ as cli
from workshop.authoring import skeleton
from workshop.authoring.lint import lint


def test_a_new_lesson_needs_only_to_be_filled_in_and_run(course: Path) -> None:
    assert CliRunner().invoke(cli.app, ["new", "2", "greeting"]).exit_code == 0
    path = course / "solutions" / "02_greeting.ipynb"
    first = path.read_bytes()
    problems = [str(problem) for problem in lint([path], registered)]
    assert all("execute" in problem for problem in problems), problems
    assert CliRunner().invoke(cli.app, ["new", "2", "other"]).exit_code == 1
    path.unlink()
    assert skeleton.new(course / "solutions", 2, "greeting").read_bytes() == first
    with pytest.raises(ValueError, match="lower case"):
        skeleton.new(course / "solutions", 3, "Two Words")
