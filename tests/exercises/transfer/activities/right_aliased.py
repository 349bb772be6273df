# outcome: PASSED
# other import style, heartbeat first
from temporalio.activity import defn, heartbeat
from workshop.tools.bank import deposit as bank_deposit
from workshop.tools.bank import withdraw as bank_withdraw


@defn
async def withdraw(account: str, amount: int) -> None:
    heartbeat("withdrawing")
    await bank_withdraw(account, amount)


@defn
async def deposit(account: str, amount: int) -> None:
    heartbeat("depositing")
    await bank_deposit(account, amount)
