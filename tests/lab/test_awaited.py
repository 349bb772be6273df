"""Who waits for a process hears why nothing comes: its run fails, or another process of the notebook has died."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.lab.clerks import hire
from tests.lab.learner_scripts import SLEEPER, write
from tests.lab.refused import refused
from tests.transfer_bank import WORKFLOW, Bank
from workshop.errors import LabTimeout
from workshop.lab.last_words import condensed, last_words
from workshop.lab.processes import Process, ProcessError, process

_STARTER = """
import asyncio, sys
from temporalio.client import Client
from my.bank.workflow import MoneyTransfer

async def main() -> None:
    client = await Client.connect(sys.argv[1])
    print("asked", flush=True)
    print(await client.execute_workflow(
        MoneyTransfer.run, args=[5, *sys.argv[3:]], id=f"{sys.argv[2]}-started", task_queue=sys.argv[2]))

asyncio.run(main())
"""

_READS_A_FILE = WORKFLOW.replace(
    "RETRY = ", 'import pathlib\nTOWNS = pathlib.Path("towns.txt").read_text()\n\nRETRY = '
)


def begin(bank: Bank, *how: str) -> Process:
    bank.write("starter.py", _STARTER)
    return process("my/bank/starter.py", bank.address, bank.queue, *how, ready="asked")


async def test_a_run_that_cannot_go_on_ends_the_wait(hired: Bank) -> None:
    hired.write("workflow.py", WORKFLOW.replace("withdraw, amount, start", "withdraw, amout, start"))
    hire(hired)
    starter = begin(hired)
    began = time.monotonic()
    with pytest.raises(ProcessError) as caught:
        await starter.wait(40)
    assert time.monotonic() - began < 8
    head, *told = str(caught.value).splitlines()
    assert head == "starter is still running, and will not go on by itself:"
    assert told[0].startswith("The code of MoneyTransfer fails")
    assert told[1] == "  NameError: name 'amout' is not defined"
    with pytest.raises(
        ProcessError, match="starter has not printed 'withdrew', and will not go on by itself"
    ):
        await starter.wait_for("withdrew")


async def test_what_a_run_is_at_when_the_time_is_up(hired: Bank) -> None:
    hire(hired)
    starter = begin(hired, "time")
    with pytest.raises(LabTimeout) as caught:
        await starter.wait(4)
    told = str(caught.value)
    assert told.startswith("After 4 s starter is still running.")
    assert "a timer of 1 min" in told


async def test_a_worker_that_died_is_named_with_the_cause(hired: Bank) -> None:
    (hired.folder / "towns.txt").write_text("Ghent")
    hired.write("workflow.py", _READS_A_FILE)
    bank_worker = process("my/bank/worker.py", hired.address, hired.queue, "0.5", name="clerk")
    assert await bank_worker.wait(20) == 1
    starter = begin(hired)
    with pytest.raises(ProcessError) as caught:
        await starter.wait(40)
    error, _ = await refused(hired.client.get_workflow_handle(f"{hired.queue}-started"))
    assert error.reason == "no worker"
    for told in (str(caught.value), str(error)):
        assert "clerk has ended (exit code 1):\n  Failed validating workflow MoneyTransfer: " in told
        assert 'my/bank/workflow.py, line 12: TOWNS = pathlib.Path("towns.txt").read_text()' in told

    # Told to end, a process has not died.
    bank_worker.kill()
    hired.write("workflow.py", WORKFLOW)
    other = hire(hired, "other")
    other.kill()
    error, _ = await refused(hired.client.get_workflow_handle(f"{hired.queue}-started"))
    assert "other has ended" not in str(error)


@pytest.mark.usefixtures("each_way")
async def test_without_a_run_the_dead_are_named_too(learner: Path) -> None:
    write(learner, "import json\njson.loads('{')", "first.py")
    await process("my/first/first.py").wait()
    waiting = process(write(learner, SLEEPER, "second.py"))
    with pytest.raises(LabTimeout) as caught:
        await waiting.wait(0.3)
    assert "first has ended (exit code 1):\n  json.decoder.JSONDecodeError: Expecting" in str(
        caught.value
    ).replace("  JSONDecodeError", "  json.decoder.JSONDecodeError")


def test_the_last_words_of_a_process() -> None:
    assert last_words("") is None
    said = last_words(
        "ready\nTraceback (most recent call last):\n  File \"my/a.py\", line 3, in f\n    g()\nKeyError: 'x'\n"
    )
    assert said is not None
    assert said.told() == ["  KeyError: 'x'", "  my/a.py, line 3: g()"]
    typo = last_words(
        "  File \"my/a.py\", line 3\n    print(\n         ^\nSyntaxError: '(' was never closed\n"
    )
    assert typo is not None
    assert typo.told() == ["  SyntaxError: '(' was never closed", "  my/a.py, line 3: print("]


def test_a_log_without_the_frames_of_libraries() -> None:
    log = """ready
Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/temporalio/worker/_workflow.py", line 217, in __init__
    workflow_runner.prepare_workflow(defn)
  File "/home/somebody/my/bank/workflow.py", line 12, in <module>
    TOWNS = read()
some.library.AccessError: not from a workflow

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/temporalio/worker/_worker.py", line 1, in __init__
    raise RuntimeError("no") from error
RuntimeError: Failed validating workflow Bank
"""
    assert condensed(log.splitlines()) == [
        "ready",
        "AccessError: not from a workflow",
        "  my/bank/workflow.py, line 12: TOWNS = read()",
        "RuntimeError: Failed validating workflow Bank",
    ]
