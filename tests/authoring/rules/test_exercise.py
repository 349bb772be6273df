"""Each rule about exercises, broken once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.authoring.damage import (
    HINTS,
    Damage,
    add_code,
    again,
    break_marker,
    drop,
    found,
    meta,
    registered,
    replace,
)
from tests.authoring.sample_lesson import exercise, write
from workshop import catalog
from workshop.authoring.lint import lint

LONG_ANSWER = "\n".join(f"    words.append({n})" for n in range(13))

BREAKS: dict[str, tuple[Damage, str]] = {
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
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_is_broken_once(tmp_path: Path, name: str) -> None:
    damage, expected = BREAKS[name]
    assert any(expected in problem for problem in found(tmp_path, damage))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hints": HINTS[:2]}, "the ladder of 1.1 has 2 hints"),
        ({"hints": (HINTS[0], "", HINTS[2])}, "the ladder of 1.1"),
        ({"hints": ("a", "b", "c")}, "has no link"),
        ({"proves": "greeting"}, "is not a sentence"),
    ],
)
def test_what_is_registered_must_be_whole(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    path = write(tmp_path / "01_small.ipynb")
    problems = lint([path], lambda name: registered(name, **(changes if name == "1.1" else {})))
    assert [expected in str(problem) for problem in problems] == [True]
    (first, second) = lint([path], lambda _: None)
    assert "cell 3: no check of 1.1 is registered: add it to workshop.exercises.small.greet" in str(first)
    assert second.cell == 7
