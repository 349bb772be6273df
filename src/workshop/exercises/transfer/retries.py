"""A retry policy: how long between attempts, how often, and for which errors not at all."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workshop.checks.bench import Bench, NotYet, describe, need, place_of
from workshop.checks.histories import attempts_of
from workshop.checks.registry import exercise
from workshop.checks.workflows import running_worker, task_queue

if TYPE_CHECKING:
    from temporalio.common import RetryPolicy


@exercise(
    proves="With your policy, a closed bank is asked five times, and a bank that refuses only once.",
    hints=(
        "Each of the three bullets is one or two arguments of RetryPolicy. Which?",
        "`initial_interval`, `backoff_coefficient`, `maximum_interval`, `maximum_attempts`, "
        "`non_retryable_error_types`: https://docs.temporal.io/encyclopedia/retry-policies",
        "RETRIES = RetryPolicy(\n    initial_interval=timedelta(seconds=0.2),\n    ...\n"
        '    non_retryable_error_types=["BankRefused"],\n)',
    ),
    timeout=60,
    note="lets activities fail, and waits while they are tried again: some five seconds",
)
async def retries(bench: Bench) -> str:
    """The waits are as asked, and two activities that always fail are tried as often as they should be."""
    seen = await bench.run(_probe_retries, bench.scope)
    for error, right, argument in (
        ("BankUnavailable", 5, "maximum_attempts"),
        ("BankRefused", 1, "non_retryable_error_types"),
    ):
        attempts = seen[error]
        if attempts != right:
            raise NotYet(
                f"{'1 attempt' if right == 1 else f'{right} attempts'} for {error}",
                f"{attempts}" if attempts < _GIVE_IN else f"{attempts}, with no end in sight",
                f"the argument {argument} of RetryPolicy",
            )
    return ""


_GIVE_IN = 7
"""The attempt at which the course's own activity succeeds, which no right policy reaches."""


async def _probe_retries(module: ModuleType, workflow_id: str) -> dict[str, int]:
    from temporalio.client import WorkflowFailureError
    from temporalio.common import RetryPolicy

    from workshop.exercises.transfer.counterparts import Retried, fail

    policy = _policy(module, need(module, "RETRIES", RetryPolicy))
    seen = {}
    async with running_worker(workflows=[Retried], activities=[fail]) as client:

        async def attempts(error: str) -> int:
            handle = await client.start_workflow(
                "Retried",
                args=[error, policy, _GIVE_IN],
                id=f"{workflow_id}-{error}",
                task_queue=task_queue(),
            )
            with contextlib.suppress(TimeoutError, WorkflowFailureError):
                async with asyncio.timeout(20):
                    await handle.result()
            return await attempts_of(handle, "fail")

        errors = ("BankUnavailable", "BankRefused")
        seen = dict(zip(errors, await asyncio.gather(*map(attempts, errors)), strict=True))
    return seen


def _policy(module: ModuleType, policy: RetryPolicy) -> dict[str, Any]:
    """The policy as JSON, its waits cut to a twentieth: how long they are has been judged.

    Raises:
        NotYet: a part of it is of the wrong kind, or not what was asked for.
    """
    longest = policy.maximum_interval
    for name, value, right, what in (
        ("initial_interval", policy.initial_interval, 0.2, "a first wait of 0.2 seconds"),
        ("backoff_coefficient", policy.backoff_coefficient, 2, "each wait twice the one before"),
        ("maximum_interval", longest, 1, "no wait longer than 1 second"),
    ):
        look = f"the argument {name} of RetryPolicy"
        kind, words = (
            ((int, float), "a number") if name == "backoff_coefficient" else (timedelta, "a timedelta")
        )
        if not isinstance(value, kind) and value is not None:
            raise NotYet(f"{name}, {words}", describe(value), look)
        seconds = value.total_seconds() if isinstance(value, timedelta) else value
        if seconds is None or abs(seconds - right) > 1e-9:
            unit = " seconds" if isinstance(value, timedelta) else ""
            raise NotYet(what, f"{name} is {seconds}{unit}", look)
    if not isinstance(policy.maximum_attempts, int):
        raise NotYet("maximum_attempts, a whole number", describe(policy.maximum_attempts), place_of(module))
    final = policy.non_retryable_error_types or []
    if not isinstance(final, (list, tuple)) or not all(isinstance(one, str) for one in final):
        raise NotYet(
            "non_retryable_error_types, a list of the errors' names as strings",
            ", ".join(map(_described, final)) if isinstance(final, (list, tuple)) else _described(final),
            "the argument non_retryable_error_types of RetryPolicy",
        )
    if "BankRefused" in final and (others := [name for name in final if name != "BankRefused"]):
        raise NotYet(
            "BankRefused as the only error that is not retried",
            f"these are not retried either: {', '.join(others)}",
            "the argument non_retryable_error_types of RetryPolicy",
        )
    return {
        "initial_interval": policy.initial_interval.total_seconds() / 20,
        "backoff_coefficient": policy.backoff_coefficient,
        "maximum_interval": longest.total_seconds() / 20 if longest else None,
        "maximum_attempts": policy.maximum_attempts,
        "non_retryable_error_types": list(final),
    }


def _described(value: object) -> str:
    return f"the class {value.__name__} itself" if isinstance(value, type) else describe(value)
