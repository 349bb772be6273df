"""Programs side by side: lines counted in files, the rest measured in real runs."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.transfer_bank import Bank
from workshop import view as show
from workshop.errors import LabError
from workshop.view.comparisons import Comparison, lines_of_code


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", 0),
        ("x = 1\n\n\ny = 2  # two\n# three\n   # four\n", 2),
        ('"""What it is.\n\nAnd more.\n"""\nimport os\n', 1),
        (
            'class C:\n    """Doc."""\n\n    async def m(self):\n        """Doc.\n\n        More.\n        """\n',
            2,
        ),
        ('text = """one\n\ntwo\n"""\n', 3),
        ('call(\n    1,\n\n    # why\n    f"{2}"\n)\n', 4),
        ("if x:\n    '''no docstring'''\n", 2),
        ("x = 1\r\n\r\ny = 2", 2),
    ],
)
def test_lines_of_code(tmp_path: Path, source: str, lines: int) -> None:
    (tmp_path / "a.py").write_bytes(source.encode())
    assert lines_of_code(tmp_path / "a.py") == lines


def test_what_is_no_python_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(:\n")
    with pytest.raises(LabError, match=r"a\.py cannot be read as Python: .*, line 1"):
        lines_of_code(tmp_path / "a.py")


async def test_runs_side_by_side(open_bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = await open_bank.start(5), await open_bank.start(kind="Several")
    await asyncio.gather(one.result(), two.result())
    waiting = await open_bank.start(5, "wait")
    runs = {"one": (one, open_bank.code), "two of it": (two, [open_bank.code / "worker.py"])}
    monkeypatch.setenv("WORKSHOP_VIEWS", "live")
    found = await show.comparison({**runs, "third": (waiting, str(open_bank.code))})
    first, second, third = found.rows
    assert first.lines == sum(lines_of_code(path) for path in open_bank.code.glob("*.py"))
    assert second.lines == lines_of_code(open_bank.code / "worker.py")
    assert (first.activities, first.events, first.status) == (2, 17, "completed")
    assert second.activities == 3
    assert (third.activities, third.status, third.seconds) == (0, "running", None)
    described = await one.describe()
    assert first.history == described.raw_description.workflow_execution_info.history_size_bytes
    assert first.seconds == pytest.approx((described.close_time - described.start_time).total_seconds())
    lines = found.text().splitlines()
    assert lines[0] == "Side by side:"
    assert lines[1].split("  ")[0] == "program"
    assert re.fullmatch(rf"one +{first.lines} +2 +17 +[0-9,]+ bytes +\d+\.\d", lines[2])
    assert re.fullmatch(rf"third \(running\) +{third.lines} +0 +\d+ +[0-9,]+ bytes", lines[4])
    assert ">seconds</th>" in found.html()

    monkeypatch.setenv("WORKSHOP_VIEWS", "static")
    stored = (await show.comparison(runs)).text().splitlines()
    assert stored[1].split() == ["program", "lines", "of", "code", "activities", "events", "history"]
    assert re.fullmatch(rf"one +{first.lines} +2 +17 +{round(first.portable_history / 1000)} KB", stored[2])


async def test_the_stored_size_does_not_depend_on_names(bank: Bank) -> None:
    async def measured() -> Comparison:
        worker = bank.worker()
        handle = await bank.start(5)
        await handle.result()
        bank.kill(worker)
        return await show.comparison({"run": (handle, bank.code)})

    (short,) = (await measured()).rows
    bank.queue += "-of-a-machine-with-a-name-that-takes-more-room-than-others-do"
    (long,) = (await measured()).rows
    assert long.history - short.history > 300
    assert abs(long.portable_history - short.portable_history) < 100


async def test_what_is_missing_is_told(bank: Bank, tmp_path: Path) -> None:
    handle = await bank.start(5)
    with pytest.raises(LabError, match=r"There is no Python file at .*nowhere"):
        await show.comparison({"a": (handle, tmp_path / "nowhere")})
    with pytest.raises(LabError, match=r"There is no file .*gone\.py"):
        await show.comparison({"a": (handle, [bank.code / "worker.py", tmp_path / "gone.py"])})
    with pytest.raises(LabError, match="There is no workflow 'nobody'"):
        await show.comparison({"a": (bank.client.get_workflow_handle("nobody"), bank.code)})
    with pytest.raises(ValueError, match="at least one"):
        await show.comparison({})
