"""A model call of an activity names its workflow, so that only what the same run pays again is a repeat."""

from __future__ import annotations

import uuid

import pytest

from tests.lab.clerks import hire
from tests.transfer_bank import ACTIVITIES, WORKFLOW, Bank
from workshop import lab
from workshop.settings import Settings

_ASKS = ACTIVITIES.replace(
    "import asyncio, pathlib", "import asyncio, pathlib\nfrom openai import AsyncOpenAI"
).replace(
    '    return f"withdrew {amount}"',
    """    for _ in range(amount):
        await AsyncOpenAI(max_retries=0).responses.create(model="any", input="Where am I?")
    return f"withdrew {amount}\"""",
)


async def test_two_runs_with_one_question_repeat_nothing(
    hired: Bank, services: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in services.client_environment(f"runs-{uuid.uuid4().hex[:8]}").items():
        monkeypatch.setenv(name, value)
    hired.write("activities.py", _ASKS)
    hired.write("workflow.py", WORKFLOW.replace("timedelta(seconds=2)", "timedelta(seconds=60)"))
    hire(hired)
    for _ in range(2):
        await lab.result(await hired.start(1), timeout=60)
    assert [call.repeats for call in lab.meter().calls] == [None, None]
    # A run that asks twice, as one does whose worker is killed before the reply is recorded.
    await lab.result(await hired.start(2), timeout=60)
    assert [call.repeats for call in lab.meter().calls] == [None, None, None, 3]
