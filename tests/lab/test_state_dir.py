"""A state directory in which nothing can be kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workshop.__main__ import app
from workshop.errors import LabError
from workshop.lab import services


@pytest.mark.parametrize("kind", ["a file", "below a file", "cannot be made"])
def test_a_state_directory_that_is_none(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "cannot be made" and sys.platform != "linux":
        pytest.skip("no /proc, in which not even root can make a directory")
    (tmp_path / "file").touch()
    state = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "state"}
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(state.get(kind, Path("/proc/state"))))
    for command in ("up", "down", "lab", "status", "doctor"):
        told = CliRunner().invoke(app, [command])
        assert told.exit_code == 1, command
        assert told.exception is None or isinstance(told.exception, SystemExit), command
        lines = [line for line in told.output.splitlines() if "WORKSHOP_STATE_DIR" in line]
        assert len(lines) == 1
        assert "is not a directory" in lines[0] or "cannot be written" in lines[0]
        assert command == "doctor" or told.output.splitlines() == lines
    with pytest.raises(LabError, match="WORKSHOP_STATE_DIR"):
        services.up()
