"""Workflows and activities of the course's own, beside which the checks put the learner's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

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


@activity.defn(name="withdraw")
async def withdraw_scripted(account: str, amount: int) -> None:
    """Take money out of an account; of "poor" it fails for good, of "erin" it never ends."""
    if account == "poor":
        raise ApplicationError(f"{account} has not got {amount}", type="BankRefused", non_retryable=True)
    if account == "erin":
        await asyncio.Event().wait()
    await bank.withdraw(account, amount)


@activity.defn(name="deposit")
async def deposit_scripted(account: str, amount: int) -> None:
    """Put money into an account; "frank" never gets it, and for "alice" the bank is closed at the first attempt."""
    if account == "frank":
        await asyncio.Event().wait()
    if account == "alice" and activity.info().attempt == 1:
        raise bank.BankUnavailable("The bank is closed.")
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
    """The workflow that the learner mends, as the lesson breaks it."""

    @workflow.run
    async def run(self, account: str) -> str:
        """Withdraw the fee, then stumble over a name that does not exist."""
        await workflow.execute_activity("withdraw", args=[account, 1], start_to_close_timeout=TIMEOUT)
        return f"charged {acount}"  # type: ignore[name-defined]  # noqa: F821 - the typo is the point
