"""Holding lessons to their rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.authoring.damage import (
    Damage,
    add_code,
    add_text,
    found,
    registered,
    shown,
    slide,
)
from tests.authoring.sample_lesson import lesson_cells, write
from workshop.authoring import __main__ as cli
from workshop.authoring.lint import lint


def test_the_sample_lesson_keeps_every_rule(tmp_path: Path) -> None:
    assert lint([write(tmp_path / "01_small.ipynb")], registered) == []


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
def test_rules_leave_harmless_cells_alone(tmp_path: Path, harmless: Damage) -> None:
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


def test_two_cells_of_one_id_are_a_problem(tmp_path: Path) -> None:
    problems = found(tmp_path, lambda cells: cells[2].update(id="start"))
    assert any("two cells have the id 'start'" in problem for problem in problems)
