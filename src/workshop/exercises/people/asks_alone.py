"""A workflow that asks for decisions at different times, with the learner's deadline and no agent around it."""

from __future__ import annotations

import asyncio
import importlib
from datetime import timedelta
from typing import Any

from temporalio import workflow

approvals: Any = importlib.import_module("my.people.approvals")
deadline: Any = importlib.import_module("my.people.deadline")


@workflow.defn
class AsksAlone(deadline.PatientAgent):  # type: ignore[misc]
    """Asks for one decision after the other, a day apart; they wait side by side."""

    @workflow.run
    async def run(self, question: str) -> str:
        """What was decided: ``yes`` or ``no`` for each id in the question."""
        first, *others = question.split()
        # Not in a task of its own: a cancellation must come through `decision` itself.
        later = [asyncio.create_task(self._ask_later(one)) for one in others]
        told = [await self._ask(first)] + [await one for one in later]
        return " ".join("yes" if one.approved else "no" for one in told)

    async def _ask_later(self, call_id: str) -> Any:
        await workflow.sleep(timedelta(days=1))
        return await self._ask(call_id)

    async def _ask(self, call_id: str) -> Any:
        return await self.decision(approvals.Call(call_id, "pay_relief", "{}"))
