"""Stored outputs made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.authoring.sample_lesson import code, write
from workshop.authoring import execute


def test_execute_stores_outputs_and_leaves_a_failing_notebook_alone(course: Path) -> None:
    said: list[str] = []
    good = write(
        course / "solutions" / "02_good.ipynb",
        [
            code("%%writefile my_file.py\na = 1", "w", 0),
            code('import os\nprint(os.environ["WORKSHOP_MODE"], os.listdir())', "a", 0),
            code("6 * 7", "b", 0, tags=["raises-exception"]),
        ],
    )
    execute.execute([good], said.append, own_services=False)
    execute.execute([good], said.append, own_services=False)
    cells = json.loads(good.read_text())["cells"]
    assert cells[0]["outputs"][0]["text"] == ["Writing my_file.py\n"]
    assert cells[1]["outputs"][0]["text"] == ["practice ['my_file.py']\n"]
    assert cells[2]["outputs"][0]["data"] == {"text/plain": ["42"]}
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3]
    assert cells[2]["metadata"] == {"tags": ["raises-exception"]}
    assert said[1::2] == ["02_good.ipynb: outputs refreshed", "02_good.ipynb: nothing changed"]
    bad = write(course / "solutions" / "03_bad.ipynb", [code("1 / 0", "a", 0, tags=["raises-exception"])])
    before = bad.read_bytes()
    with pytest.raises(execute.ExecutionFailed, match=r"03_bad\.ipynb: cell 0: ZeroDivisionError"):
        execute.execute([bad], said.append, own_services=False)
    assert bad.read_bytes() == before
