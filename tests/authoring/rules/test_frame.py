"""Each rule about a lesson's frame, broken once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring.damage import (
    Damage,
    add_text,
    drop,
    found,
    replace,
    slide,
)

BREAKS: dict[str, tuple[Damage, str]] = {
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
    "nothing proved": (replace(11, "What you proved", "The end"), 'no heading says "proved"'),
    "nowhere to go": (replace(13, "Where to read on", "Links"), 'no heading says "read on"'),
    "four questions": (
        replace(12, QUESTION := "<details><summary>What is checked?</summary>The greeting.</details>", ""),
        "holds 4 questions",
    ),
    "unclosed answer": (replace(12, "A name.</details>", "A name."), "do not pair"),
    "no summary": (replace(12, "<summary>Who gives it?</summary>", "Who?"), "no <summary>"),
    "no slide type": (slide(2, "big"), "'big' is no slide type: write one of slide, subslide"),
    "no slide metadata": (lambda c: c[2]["metadata"].update(slideshow=3), "3 is no slide type"),
    "title not a slide": (slide(0, "skip"), "the lesson's title does not begin a slide"),
    "exercise hidden": (slide(3, "notes"), "an exercise does not begin a slide"),
    "slide type said twice": (slide(2, "slide"), "says that it is slide, which it is anyway"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_is_broken_once(tmp_path: Path, name: str) -> None:
    damage, expected = BREAKS[name]
    assert any(expected in problem for problem in found(tmp_path, damage))
