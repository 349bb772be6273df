"""The learner's agent, whose decisions are made at once, in words that fit neither a yes nor a no."""

from __future__ import annotations

import importlib
from typing import Any

from temporalio import workflow

approvals: Any = importlib.import_module("my.people.approvals")
native: Any = importlib.import_module("my.people.native")

APPROVED = "call-1-1"
"""The call that is approved; any other is not."""


@workflow.defn
class OddWords(native.ReliefAgent):  # type: ignore[misc]
    """Only ``approved`` tells what was decided."""

    @workflow.run
    async def run(self, question: str) -> str:
        """Ask, and do what was decided."""
        return str(await super().run(question))

    async def decision(self, call: Any) -> Any:
        """A yes without that word, or a no that begins with it."""
        if call.call_id == APPROVED:
            return approvals.Decision(True, "no objection")
        return approvals.Decision(False, "yes, but from another fund")
