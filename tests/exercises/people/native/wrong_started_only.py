# outcome: NOT YET · not awaited
# says: it was begun, and nothing awaits it
import asyncio
from typing import Any

from my.people.approvals import Approvals, Call
from my.people.asking import ask
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from my.people.activities import pay_relief
    from my.people.relief import ATTEMPTS, TIMEOUT, PayRelief


@workflow.defn
class ReliefAgent(Approvals):
    @workflow.run
    async def run(self, question: str) -> str:
        conversation: list[Any] = [{"role": "user", "content": question}]
        while True:
            reply = await ask(conversation)
            calls = [item for item in reply.items if item["type"] == "function_call"]
            if not calls:
                return reply.text
            conversation += reply.items
            conversation += await asyncio.gather(*[self.answer(call) for call in calls])

    async def answer(self, item: dict[str, str]) -> dict[str, str]:
        call = Call(item["call_id"], item["name"], item["arguments"])
        payment = PayRelief.model_validate_json(call.arguments)
        decision = await self.decision(call)
        if decision.approved:
            workflow.start_activity(
                pay_relief,
                args=[payment.payee, payment.amount],
                start_to_close_timeout=TIMEOUT,
                retry_policy=ATTEMPTS,
            )
            output = f"Paid {payment.amount} to {payment.payee}."
        else:
            output = f"Not paid: {decision.why}"
        return {"type": "function_call_output", "call_id": call.call_id, "output": output}
