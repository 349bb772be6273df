"""Each rule about what is stored, broken once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring.damage import (
    Damage,
    add_code,
    found,
    output,
    shown,
)

BREAKS: dict[str, tuple[Damage, str]] = {
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
    "traces of a run": (lambda c: c[1]["metadata"].update(execution={"a": "b"}), "run: tidy"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_is_broken_once(tmp_path: Path, name: str) -> None:
    damage, expected = BREAKS[name]
    assert any(expected in problem for problem in found(tmp_path, damage))
