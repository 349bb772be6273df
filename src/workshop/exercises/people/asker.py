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
    async def run(self, asked: dict[str, str]) -> dict[str, list[Any]]:
        """What was decided and why, by the calls' ids; asked for each id with the arguments."""
        calls = [approvals.Call(one, "pay_relief", arguments) for one, arguments in asked.items()]
        decisions = await asyncio.gather(*[self.decision(call) for call in calls])
        return {
            call.call_id: [decision.approved, decision.why]
            for call, decision in zip(calls, decisions, strict=True)
        }
