"""Which failure is named where a workflow's code fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from temporalio.api.failure.v1 import Failure

from workshop.lab import processes
from workshop.lab.no_result import code_fails


def test_the_log_of_a_running_worker_knows_the_latest_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    log = """ready
Failed activation on workflow MoneyTransfer with ID transfer-1 and run ID 5
Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/temporalio/worker/_workflow_instance.py", line 534, in activate
    self._run_once(
  File "/home/somebody/my/bank/workflow.py", line 12, in run
    return tken
           ^^^^
NameError: name 'tken' is not defined
Failed activation on workflow MoneyTransfer with ID transfer-2 and run ID 6
"""
    worker = SimpleNamespace(running=True, output=lambda: log)
    monkeypatch.setattr(processes, "_processes", {"worker": worker})
    first = Failure(message="the first failure")

    def told(workflow_id: str) -> list[str]:
        return str(code_fails("MoneyTransfer", workflow_id, first, stale=False)).splitlines()[1:-1]

    line = "my/bank/workflow.py, line 12: return tken"
    assert told("transfer-1") == ["  NameError: name 'tken' is not defined", f"  {line}"]
    assert str(code_fails("MoneyTransfer", "transfer-1", first, stale=False).line) == line
    assert told("transfer-3") == ["  the first failure"]
    worker.running = False
    assert told("transfer-1") == ["  the first failure"]
