# outcome: NOT YET · not idempotent
# says: the same key for each attempt
# current_attempt_scheduled_time differs for each attempt
from temporalio import activity
from workshop.tools import bank


def key() -> str:
    info = activity.info()
    return f"{info.workflow_id}-{info.activity_id}-{info.current_attempt_scheduled_time.isoformat()}"
@activity.defn
async def withdraw(account: str, amount: int) -> None:
    await bank.withdraw(account, amount, key=key())


@activity.defn
async def deposit(account: str, amount: int) -> None:
    await bank.deposit(account, amount, key=key())
