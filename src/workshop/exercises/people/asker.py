"""A workflow that asks for decisions. Its worker has no plugin, so nothing of the Agents SDK is here."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from temporalio import workflow

# The learner's own, which the sandbox reads as it reads any workflow module of theirs.
approvals: Any = importlib.import_module("my.people.approvals")


@workflow.defn
class Asker(approvals.Approvals):  # type: ignore[misc]
    """Asks for the decision on several calls at once."""

    @workflow.run
    async def run(self, call_ids: list[str]) -> dict[str, bool]:
        """What was decided, by the calls' ids."""
        calls = [approvals.Call(one, "pay_relief", "{}") for one in call_ids]
        decisions = await asyncio.gather(*[self.decision(call) for call in calls])
        return {one: decision.approved for one, decision in zip(call_ids, decisions, strict=True)}
