"""Pays a shop; and gives the money back where the shop cannot be paid."""

from dataclasses import dataclass

from temporalio import activity, workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from workshop.tools import bank

from my.game_day.times import TIMES


@dataclass
class Order:
    customer: str
    shop: str
    amount: int
    number: str


@activity.defn
async def take(order: Order) -> None:
    await bank.withdraw(order.customer, order.amount, key=f"{order.number}-take")


@activity.defn
async def pay(order: Order) -> None:
    try:
        await bank.deposit(order.shop, order.amount, key=f"{order.number}-pay")
    except bank.BankRefused as error:
        raise ApplicationError(str(error), type="BankRefused", non_retryable=True) from None


@activity.defn
async def give_back(order: Order) -> None:
    await bank.deposit(order.customer, order.amount, key=f"{order.number}-back")


@workflow.defn
class Payment:
    @workflow.run
    async def run(self, order: Order) -> str:
        await workflow.execute_activity(take, order, **TIMES)
        try:
            await workflow.execute_activity(pay, order, **TIMES)
        except ActivityError:
            await workflow.execute_activity(give_back, order, **TIMES)
            return "given back"
        return "paid"


WORKFLOWS = [Payment]
ACTIVITIES = [take, pay, give_back]
