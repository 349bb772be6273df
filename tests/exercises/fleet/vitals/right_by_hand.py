# outcome: PASSED
"""How a worker is doing, in three numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Vitals:
    failed_tasks: int
    failed_attempts: int
    free_slots: int


def total(text: str, name: str, **labels: str) -> int:
    """The samples of a metric that have these labels, added up."""
    found = 0.0
    for line in text.splitlines():
        series, _, value = line.rpartition(" ")
        has_labels = all(f'{key}="{label}"' in series for key, label in labels.items())
        if series.partition("{")[0] == name and has_labels:
            found += float(value)
    return int(found)


def vitals(text: str) -> Vitals:
    slots = total(text, "temporal_worker_task_slots_available", worker_type="ActivityWorker", task_queue="")
    if not slots:
        lines = [line for line in text.splitlines() if line.startswith("temporal_worker_task_slots_available")]
        slots = sum(int(line.split()[-1]) for line in lines if '"ActivityWorker"' in line)
    failed = [total(text, f"temporal_{what}_execution_failed") for what in ("workflow_task", "activity")]
    return Vitals(*failed, slots)
