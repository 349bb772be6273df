"""A workflow's hour that passes in a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner


class Hurried(SandboxedWorkflowRunner):
    """Runs workflows as usual, but a timer of a second or more is over at once if the run's id ends in "-hurried".

    Attributes:
        asked_for: Seconds that each run has asked to wait, hurried or not; by the workflow's id.
    """

    # The sandbox's runner is a frozen dataclass, and one class-wide record serves the one worker of a child.
    asked_for: dict[str, float] = {}  # noqa: RUF012

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """As the sandbox does; what the workflow asks for is looked at on its way to the server."""
        instance = super().create_instance(det)
        activate, workflow_id = instance.activate, det.info.workflow_id

        def hurried(activation: Any) -> Any:
            completion = activate(activation)
            for command in completion.successful.commands:
                if command.HasField("start_timer") and not activation.is_replaying:
                    wait = command.start_timer.start_to_fire_timeout
                    waited = self.asked_for.get(workflow_id, 0.0)
                    self.asked_for[workflow_id] = waited + wait.ToTimedelta().total_seconds()
                    if workflow_id.endswith("-hurried") and wait.seconds:
                        wait.FromTimedelta(timedelta(milliseconds=1))
            return completion

        instance.activate = hurried  # type: ignore[assignment,method-assign]
        return instance
