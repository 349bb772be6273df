"""Can today's code go on with yesterday's runs? ``make history`` saves one more."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.project import PLUGINS, Workflow

SAVED = sorted((Path(__file__).parent / "histories").glob("*.json"))


def test_there_are_histories() -> None:
    assert SAVED, "save one with `make history`"


@pytest.mark.parametrize("file", SAVED, ids=lambda file: file.stem)
async def test_a_saved_run_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, file.read_text())
    await Replayer(workflows=[Workflow], plugins=PLUGINS).replay_workflow(history)
