"""Which failure is named where a workflow's code fails."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingWorkflowTaskInfo

from workshop.lab import registry
from workshop.lab.failing_tasks import FailingTask
from workshop.lab.observed import Observed


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
    monkeypatch.setattr(registry, "_known", {"worker": worker})

    def logged(workflow_id: str) -> tuple[str, str] | None:
        seen = cast("Observed", SimpleNamespace(id=workflow_id))
        found = FailingTask(seen, HistoryEvent(), None).logged()
        return None if found is None else (found[0], str(found[1]))

    line = "my/bank/workflow.py, line 12: return tken"
    assert logged("transfer-1") == ("NameError: name 'tken' is not defined", line)
    assert logged("transfer-3") is None
    worker.running = False
    assert logged("transfer-1") is None


def test_a_store_that_cannot_be_written_is_not_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_known", {})
    event = HistoryEvent()
    event.event_time.GetCurrentTime()
    said = "Failed encoding completion: [Errno 28] No space left on device"
    event.workflow_task_failed_event_attributes.failure.message = said
    seen = SimpleNamespace(
        id="watch-1", workflow="Watch", task=PendingWorkflowTaskInfo(attempt=3), task_timeout=10
    )
    told = str(FailingTask(cast("Observed", seen), event, None).told())
    assert "The worker of Watch cannot write or read what belongs in its history:" in told
    assert "No space left on device" in told
    assert "make room on the disk" in told
    assert "correct the file" not in told
