# outcome: NOT YET · wrong number
# says: free slots for activities
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
    return Vitals(
        failed_tasks=total(text, "temporal_workflow_task_execution_failed"),
        failed_attempts=total(text, "temporal_activity_execution_failed"),
        free_slots=total(text, "temporal_worker_task_slots_available"),
    )
