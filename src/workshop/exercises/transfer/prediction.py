"""A worker is killed while a deposit is held, and another one takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench
from workshop.checks.books import Books
from workshop.checks.endings import beside
from workshop.checks.histories import attempts_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import judge_numbers, need_done, probe_numbers, start_run
from workshop.exercises.transfer.transfers import ACTIVITIES, QUEUE, TRANSFER, WORKER, WORKFLOW, transferred

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


@exercise(
    proves="A worker was killed in mid-transfer, and another finished it: nothing was done twice, no money is missing.",
    hints=(
        "Which of the two activities was complete when the worker died, and which had only begun?",
        "A completed activity never runs again; one that was still running is started again after its timeout: "
        "https://docs.temporal.io/encyclopedia/detecting-activity-failures",
        "withdrawals = 1\ndeposit_attempts = ...  (the interrupted one and the completed one)\nmissing = ...",
    ),
    timeout=90,
    note="kills a real worker and waits until another has taken over: some ten seconds",
)
async def prediction(bench: Bench) -> str:
    """Kill the worker while the deposit is held, start another, compare ledger and history with the prediction."""
    predicted = await bench.run(probe_numbers, ["withdrawals", "deposit_attempts", "missing"])
    need_done(bench, ACTIVITIES, WORKFLOW, WORKER)
    books = Books(bench)
    books.open(alice=100, bob=0)
    with bench.fault("bank", "delay", after=1, delay=60) as held:
        first = await bench.process(WORKER)
        handle = await start_run(bench, "MoneyTransfer", TRANSFER, queue=QUEUE)
        await beside(
            handle,
            held.hit(timeout=20),
            "the four files of this lesson",
            expected="the deposit to begin",
            process=first,
            timeout=20,
        )
        first.kill()
    await _forget_worker(handle)
    await transferred(handle, await bench.process(WORKER), "the four files of this lesson")
    seen = {
        "withdrawals": sum(kind == "withdrawal" for kind, _, _ in books.moved()),
        "deposit_attempts": await attempts_of(handle, "deposit"),
        "missing": books.missing(),
    }
    return judge_numbers(predicted, seen)


async def _forget_worker(handle: WorkflowHandle[Any, Any]) -> None:
    """Have the server offer a run's next step to any worker at once, instead of to the dead one for ten seconds."""
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest

    client = handle._client
    await client.workflow_service.reset_sticky_task_queue(
        ResetStickyTaskQueueRequest(
            namespace=client.namespace, execution=WorkflowExecution(workflow_id=handle.id)
        )
    )
