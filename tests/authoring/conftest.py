"""A course of one small lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring.sample_lesson import write
from workshop import settings


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one small lesson, which the commands take for theirs."""
    write(tmp_path / "solutions" / "01_small.ipynb")
    (tmp_path / "notebooks").mkdir()
    own = settings.load().model_copy(update={"root": tmp_path})
    monkeypatch.setattr(settings, "load", lambda *_: own)
    return tmp_path
