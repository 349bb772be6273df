"""The transfer's proof, row by row; ``make prove`` prints it as a table."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.prove.transfer import EVERY_BOUNDARY, Row, prove
from workshop.lab import processes
from workshop.settings import Settings

# One process: the first test waits for the whole proof, the others look at what came of it.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def rows(services: Settings) -> list[Row]:
    return asyncio.run(prove(services))


def test_undisturbed(rows: list[Row]) -> None:
    assert rows[0].problems == []
    assert rows[0].attempts == "1 + 1"


@pytest.mark.parametrize("boundary", EVERY_BOUNDARY)
def test_worker_killed_at_boundary(rows: list[Row], boundary: int) -> None:
    # Two numbers where the server writes two events at once: no kill can come between.
    (row,) = (row for row in rows if re.match(rf"(\d+-)?{boundary}[- ]", row.title))
    assert row.problems == []
    assert row.repeated == 0
    assert row.ledger == "balances: 1 withdrawal, 1 deposit"


@pytest.mark.parametrize("activity", ["withdraw", "deposit"])
def test_worker_killed_between_effect_and_completion(rows: list[Row], activity: str) -> None:
    (row,) = (row for row in rows if row.title == f"{activity} done, not reported")
    assert row.problems == []
    assert row.attempts == ("2 + 1" if activity == "withdraw" else "1 + 2")
    assert row.ledger == "balances: 1 withdrawal, 1 deposit"


def test_without_keys_the_money_doubles(rows: list[Row]) -> None:
    (row,) = (row for row in rows if "WITHOUT" in row.title)
    assert row.problems == []
    assert row.ledger == "30 too much: 1 withdrawal, 2 deposits"


def test_server_killed(rows: list[Row]) -> None:
    assert rows[-1].title.startswith("the server killed")
    assert rows[-1].problems == []
    assert rows[-1].ledger == "balances: 1 withdrawal, 1 deposit"


def test_no_process_is_left(rows: list[Row]) -> None:
    left = [one for one in processes.all_processes().values() if one.name.startswith("prove-")]
    assert left != []
    assert not any(one.running for one in left)
