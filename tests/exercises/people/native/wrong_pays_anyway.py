# outcome: NOT YET · wrong decision
# says: a payment that was rejected not to be made
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
        await self.decision(call)
        output = await workflow.execute_activity(
            pay_relief,
            args=[payment.payee, payment.amount],
            start_to_close_timeout=TIMEOUT,
            retry_policy=ATTEMPTS,
        )
        return {"type": "function_call_output", "call_id": call.call_id, "output": output}
