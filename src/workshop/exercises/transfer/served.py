"""The transfers that the learner's starter begins, done by the check: each gives a receipt, and one fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

FAILING = 20
"""The amount of the transfer that fails."""

FAILURE = "alice has not got 20"

receipts: list[str] = []
"""Those of the transfers that :func:`serve_later` has begun."""

arrived = asyncio.Event()
"""Set when there is one."""

may_end = asyncio.Event()
"""To be set when they may be completed."""


@activity.defn
async def serve(transfer: dict[str, Any]) -> str:
    """A receipt, which no program can know beforehand."""
    if transfer["amount"] == FAILING:
        raise ApplicationError(FAILURE, type="BankRefused", non_retryable=True)
    return _receipt(transfer)


@activity.defn(name="serve")
async def serve_later(transfer: dict[str, Any]) -> str:
    """The same when :data:`may_end` is set."""
    receipts.append(_receipt(transfer))
    arrived.set()
    await may_end.wait()
    return _receipt(transfer)


def _receipt(transfer: dict[str, Any]) -> str:
    run = str(activity.info().workflow_run_id)
    return f"moved {transfer['amount']} from {transfer['source']} to {transfer['target']}, receipt {run[-8:]}"


@workflow.defn(name="MoneyTransfer")
class Served:
    """In place of the learner's."""

    @workflow.run
    async def run(self, transfer: dict[str, Any]) -> str:
        """One activity."""
        return str(
            await workflow.execute_activity(serve, transfer, start_to_close_timeout=timedelta(seconds=20))
        )
