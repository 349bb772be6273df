# outcome: NOT YET · wiring
# says: with the watch that made the histories
from pathlib import Path

import pytest
from my.change.watch import Watch
from temporalio.client import WorkflowHistory
from temporalio.openai_agents import OpenAIAgentsPlugin
from temporalio.worker import Replayer

SAVED = sorted(Path("my/change/histories").glob("*.json"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_there_are_histories() -> None:
    assert SAVED


@pytest.mark.anyio
@pytest.mark.parametrize("file", SAVED, ids=lambda file: file.stem)
async def test_a_saved_run_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, file.read_text())
    replayer = Replayer(workflows=[Watch])
    await replayer.replay_workflow(history)
