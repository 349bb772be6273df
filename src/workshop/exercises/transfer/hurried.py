"""Workflows and activities of the course's own, beside which the checks of lesson 2 put the learner's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

with workflow.unsafe.imports_passed_through():
    from workshop.tools import bank

TIMEOUT = timedelta(seconds=3)
SOON = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=4)


@dataclass
class Policy:
    """The parts of a retry policy that travel as JSON; times in seconds."""

    initial_interval: float
    backoff_coefficient: float
    maximum_interval: float | None
    maximum_attempts: int
    non_retryable_error_types: list[str] | None


@activity.defn
async def withdraw(account: str, amount: int) -> None:
    """Take money out of an account."""
    await bank.withdraw(account, amount)


@activity.defn
async def deposit(account: str, amount: int) -> None:
    """Put money into an account."""
    await bank.deposit(account, amount)


@activity.defn
async def fail(error: str, give_in: int) -> int:
    """Fail with a bank's error at each attempt before that one."""
    attempt = activity.info().attempt
    if attempt >= give_in:
        return attempt
    raise (
        bank.BankRefused("no", "insufficient_funds")
        if error == "BankRefused"
        else bank.BankUnavailable("down")
    )


@workflow.defn
class Move:
    """Moves whose activities are whatever the worker calls withdraw and deposit."""

    @workflow.run
    async def run(self, moves: list[tuple[str, str]]) -> None:
        """One after the other, each at most four times: an activity's name, and the account."""
        for name, account in moves:
            await workflow.execute_activity(
                name, args=[account, 30], start_to_close_timeout=TIMEOUT, retry_policy=SOON
            )


@workflow.defn
class Retried:
    """One activity that always fails, under a policy."""

    @workflow.run
    async def run(self, error: str, policy: Policy, give_in: int) -> None:
        """Fail as often as the policy allows, up to an attempt."""
        longest = policy.maximum_interval
        await workflow.execute_activity(
            fail,
            args=[error, give_in],
            start_to_close_timeout=TIMEOUT,
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=policy.initial_interval),
                backoff_coefficient=policy.backoff_coefficient,
                maximum_interval=None if longest is None else timedelta(seconds=longest),
                maximum_attempts=policy.maximum_attempts,
                non_retryable_error_types=policy.non_retryable_error_types,
            ),
        )


@workflow.defn(name="Fee")
class BrokenFee:
    """The workflow of exercise 2.8 as the lesson breaks it."""

    @workflow.run
    async def run(self, account: str) -> str:
        """Withdraw the fee, then stumble over a name that does not exist."""
        await workflow.execute_activity("withdraw", args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {acount}"  # type: ignore[name-defined]  # noqa: F821 - the typo is the point


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
