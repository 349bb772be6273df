"""Every run of a check is replayed at its end: real runs on a real server, by workflows that a learner may write."""

# ruff: noqa: ASYNC240 - nothing else runs in these tests' event loops

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks import sample_checks
from workshop.checks.engine import evaluate
from workshop.checks.outcomes import Outcome

pytestmark = pytest.mark.usefixtures("services")

EXERCISES = sample_checks.flow

HEAD = """
from datetime import timedelta
from temporalio import workflow
with workflow.unsafe.imports_passed_through():
    import my.sample.machine as machine

TIME = timedelta(seconds=10)

@workflow.defn
class Flow:
    def __init__(self):
        self.words = []
        self.over = False
"""

TALK = (
    HEAD
    + """
    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: self.over)
        return self.words

    @workflow.signal
    def done(self):
        self.over = True

    @workflow.update
    def say(self, word: str) -> int:
        self.words.append(word)
        return len(self.words)

    @say.validator
    def check_word(self, word: str) -> None:
        if not word:
            raise ValueError("nothing was said")

    @workflow.query
    def seen(self) -> list[str]:
        return self.words
"""
)


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty my/sample/ in the working directory, with a module of the learner's that asks the machine."""
    (tmp_path / "my" / "sample").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    Path("my/sample/machine.py").write_text(
        "import os, time, uuid\ndef process(): return os.getpid()\ndef now(): return time.time()\n"
        "def ident(): return str(uuid.uuid4())\n",
        encoding="utf-8",
    )


async def judged(text: str) -> Outcome:
    Path("my/sample/flow.py").write_text(text, encoding="utf-8")
    return await evaluate("92.1")


async def test_a_run_that_does_the_same_again_passes() -> None:
    outcome = await judged(TALK)
    assert outcome.passed, outcome.block()
    assert outcome.seen == "['one', 'two']"


async def test_a_validator_that_keeps_something_is_named() -> None:
    text = TALK.replace("        self.words.append(word)\n", "        pass\n").replace(
        '            raise ValueError("nothing was said")',
        "            raise ValueError('nothing')\n        self.words.append(word)",
    )
    block = (await judged(text)).block()
    assert block.startswith("NOT YET"), block
    assert "the validator `check_word` changes the state, but a replay does not run validators" in block
    assert "look at: my/sample/flow.py: def check_word(self, word: str) -> None" in block


async def test_a_query_that_takes_something_away_is_named() -> None:
    block = (
        await judged(
            TALK.replace('return self.words\n"', "").replace(
                "    def seen(self) -> list[str]:\n        return self.words",
                "    def seen(self) -> str:\n        return self.words.pop() if self.words else ''",
            )
        )
    ).block()
    assert "the query `seen` changes the state" in block, block
    assert "look at: my/sample/flow.py: def seen(self) -> str" in block


async def test_a_query_that_changes_what_cannot_be_seen_in_it_is_named() -> None:
    block = (
        await judged(
            TALK.replace(
                "    def seen(self) -> list[str]:\n        return self.words",
                "    def seen(self) -> str:\n        self.words = ['X']\n        return 'yes'",
            )
        )
    ).block()
    assert "the query `seen` changes the state" in block, block


@pytest.mark.parametrize(
    ("body", "got", "look"),
    [
        (
            "return await workflow.execute_activity('echo', str(machine.process()), start_to_close_timeout=TIME)",
            "the activity echo was given",
            "def run",
        ),
        (
            "return await workflow.execute_activity('echo', str(id(self)), start_to_close_timeout=TIME)",
            "(an object's `id` is different in each process)",
            "id(self)",
        ),
        ("return machine.now()", "its result was", "def run"),
    ],
)
async def test_what_is_another_value_in_another_process_is_told(body: str, got: str, look: str) -> None:
    block = (
        await judged(f"{HEAD}\n    @workflow.run\n    async def run(self) -> object:\n        {body}\n")
    ).block()
    assert block.startswith("NOT YET"), block
    assert got in block
    assert look in block.split("look at:")[1]


async def test_another_path_in_the_replay_is_told_step_by_step() -> None:
    # The first life of the process leaves a mark, which the second one finds.
    Path("my/sample/machine.py").write_text(
        "from pathlib import Path\n"
        "def first():\n    mark = Path('mark')\n    try:\n        return not mark.exists()\n"
        "    finally:\n        mark.touch()\n",
        encoding="utf-8",
    )
    block = (
        await judged(
            f"{HEAD}\n    @workflow.run\n    async def run(self) -> str:\n"
            "        if machine.first():\n            await workflow.sleep(0.1)\n"
            "        return await workflow.execute_activity('echo', 'a', start_to_close_timeout=TIME)\n"
        )
    ).block()
    assert "where the run reached a timer, its replay reaches the activity echo" in block, block


async def test_an_error_in_the_replay_alone_is_told_with_its_line() -> None:
    Path("my/sample/machine.py").write_text(
        "from pathlib import Path\n"
        "def once():\n    mark = Path('mark')\n    if mark.exists():\n        raise KeyError('again')\n"
        "    mark.touch()\n",
        encoding="utf-8",
    )
    block = (
        await judged(
            f"{HEAD}\n    @workflow.run\n    async def run(self) -> str:\n"
            "        machine.once()\n"
            "        return await workflow.execute_activity('echo', 'a', start_to_close_timeout=TIME)\n"
        )
    ).block()
    assert "KeyError" in block, block
    assert "machine.py" in block.split("look at:")[1]
