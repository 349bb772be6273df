"""A limit in bytes on what all scopes keep together."""

from __future__ import annotations

from workshop.gateway.byte_budget import ByteBudget


def test_bodies_share_a_budget_of_bytes() -> None:
    budget = ByteBudget(100)
    held = [budget.hold(b"x" * 40) for _ in range(4)]
    assert [holding.size for holding in held] == [0, 0, 40, 40]
    assert budget.total == 80
    held[3].drop()
    held[3].drop()
    assert budget.total == 40
    assert budget.hold(b"y" * 1000).data is None
