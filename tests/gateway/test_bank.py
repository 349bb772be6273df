"""The bank through its client: what moves money, what moves it twice, and what a lost answer costs."""

from __future__ import annotations

import asyncio
import pickle
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.gateway.gateway_servers import RunningGateway, raw_request, wait_until
from workshop import view as show
from workshop.tools import bank
from workshop.tools.bank import BankRefused, BankUnavailable, Entry, Ledger, Receipt


@pytest.fixture(autouse=True)
def here(gateway: RunningGateway, scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads the client to the test's own bank."""
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(gateway.port))
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(gateway.settings.state_dir))
    monkeypatch.setenv("WORKSHOP_SCOPE", scope)


@pytest.fixture
async def opened() -> None:
    await bank.open_account("alice", 100)
    await bank.open_account("bob", 0)


async def moved(account: str) -> list[int]:
    return [
        entry.amount
        for entry in (await bank.ledger()).entries
        if entry.account == account and entry.kind != "opened"
    ]


@pytest.mark.usefixtures("opened")
async def test_a_transfer_and_its_ledger() -> None:
    assert await bank.withdraw("alice", 30) == Receipt(3, "withdrawal", "alice", 30, 70, False)
    assert (await bank.ledger()).missing == 30
    assert await bank.deposit("bob", 30, key="t1-deposit") == Receipt(4, "deposit", "bob", 30, 30, False)
    assert await bank.balances() == {"alice": 70, "bob": 30}
    assert await bank.ledger() == Ledger(
        accounts={"alice": 70, "bob": 30},
        entries=[
            Entry(1, "opened", "alice", 100, 100),
            Entry(2, "opened", "bob", 0, 0),
            Entry(3, "withdrawal", "alice", 30, 70),
            Entry(4, "deposit", "bob", 30, 30, key=True),
        ],
        opened=100,
        held=100,
    )
    await bank.forget()
    assert await bank.ledger() == Ledger({}, [], 0, 0)
    await bank.open_account("alice", 5)
    assert [entry.n for entry in (await bank.ledger()).entries] == [1]


async def test_an_account_set_anew_starts_anew() -> None:
    await bank.open_account("alice", 100)
    await bank.withdraw("alice", 30, key="k")
    await bank.open_account("alice", 100)
    ledger = await bank.ledger()
    assert (ledger.opened, ledger.held, ledger.missing) == (100, 100, 0)
    assert not (await bank.withdraw("alice", 30, key="k")).repeated
    assert await bank.balances() == {"alice": 70}


async def test_names_may_be_words_of_any_language() -> None:
    for name in ("Zoë", "savings of 2026", "a.b_c-d@e", "x"):
        await bank.open_account(name, 1)
        assert (await bank.withdraw(name, 1)).account == name
    for name in ("", "a/b", " a", "..", "a\nb", "x" * 65, "?", "%2F"):
        with pytest.raises(BankRefused):
            await bank.open_account(name, 1)


async def test_each_scope_has_a_bank_of_its_own(
    gateway: RunningGateway, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bank.open_account("alice", 100)
    monkeypatch.setenv("WORKSHOP_SCOPE", scope + "x")
    assert await bank.balances() == {}
    monkeypatch.setenv("WORKSHOP_SCOPE", scope)
    gateway.control(scope, "DELETE", "meter")
    assert await bank.balances() == {"alice": 100}
    headers = {"authorization": f"Bearer {gateway.token}"}
    gateway.http.delete(f"{gateway.url}/s/{scope}", headers=headers)
    assert await bank.balances() == {}


async def test_it_is_practice_in_live_mode_too(gateway: RunningGateway, scope: str) -> None:
    gateway.control(scope, "PUT", "mode", {"mode": "live"})
    await bank.open_account("alice", 100)
    assert (await bank.withdraw("alice", 1)).balance == 99


@pytest.mark.usefixtures("opened")
async def test_the_client_says_refused_and_why() -> None:
    with pytest.raises(BankRefused) as caught:
        await bank.withdraw("alice", 500)
    assert str(caught.value) == (
        "The bank refused: The account 'alice' holds 100, less than 500 (insufficient_funds)."
    )
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.code) == (str(caught.value), "insufficient_funds")
    for name, amount, code in (("carol", 1, "unknown_account"), ("alice", -1, "invalid_amount")):
        with pytest.raises(BankRefused) as caught:
            await bank.deposit(name, amount)
        assert caught.value.code == code
    for key in ("", "naïve", "a\r\nb", "x" * 256):
        with pytest.raises(BankRefused) as caught:
            await bank.deposit("bob", 1, key=key)
        assert caught.value.code == "invalid_key"


@pytest.mark.usefixtures("opened")
async def test_the_same_key_moves_the_money_once() -> None:
    first = await bank.withdraw("alice", 30, key="k")
    again = await bank.withdraw("alice", 30, key="k")
    assert (first.repeated, again) == (False, Receipt(3, "withdrawal", "alice", 30, 70, True))
    for other in (
        bank.withdraw("alice", 31, key="k"),
        bank.deposit("alice", 30, key="k"),
        bank.withdraw("bob", 30, key="k"),
    ):
        with pytest.raises(BankRefused) as caught:
            await other
        assert caught.value.code == "key_reused"
    assert await moved("alice") == [30]
    await bank.withdraw("alice", 30)
    await bank.withdraw("alice", 30)
    assert await moved("alice") == [30, 30, 30]


@pytest.mark.usefixtures("opened")
async def test_a_refused_request_leaves_its_key_unused() -> None:
    with pytest.raises(BankRefused):
        await bank.withdraw("bob", 30, key="k")
    await bank.deposit("bob", 50)
    assert not (await bank.withdraw("bob", 30, key="k")).repeated


@pytest.mark.usefixtures("opened")
async def test_two_at_once_never_overdraw() -> None:
    results = await asyncio.gather(*(bank.withdraw("alice", 30) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(result, Receipt) for result in results) == 3
    assert {result.code for result in results if isinstance(result, BankRefused)} == {"insufficient_funds"}
    assert await bank.balances() == {"alice": 10, "bob": 0}
    again = await asyncio.gather(*(bank.deposit("bob", 5, key="k") for _ in range(8)))
    assert sorted(receipt.repeated for receipt in again) == [False] + [True] * 7
    assert await moved("bob") == [5]


Use = Callable[[], Awaitable[Any]]


async def unavailable(use: Use) -> BankUnavailable:
    with pytest.raises(BankUnavailable) as caught:
        await use()
    return caught.value


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"kind": "refuse"}, "The bank closed the connection without a reply."),
        ({"kind": "server_error"}, "The bank answered 500 (Internal Server Error): The server answered 500"),
        ({"kind": "status", "status": 503}, "The bank answered 503 (Service Unavailable)"),
        ({"kind": "rate_limit", "retry_after": 7}, "Try again in 7 seconds."),
        ({"kind": "garbage"}, "The bank sent an answer that cannot be read."),
    ],
)
async def test_a_fault_moves_nothing(gateway: RunningGateway, scope: str, fault: Any, says: str) -> None:
    gateway.fault(scope, "bank", calls=1, **fault)
    error = await unavailable(lambda: bank.deposit("bob", 30))
    assert says in str(error)
    assert error.retry_after == (7 if fault["kind"] == "rate_limit" else None)
    assert await moved("bob") == []
    await bank.deposit("bob", 30)
    assert await moved("bob") == [30]


@pytest.mark.usefixtures("opened")
async def test_a_4xx_that_is_staged_is_a_refusal(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "bank", "status", status=403, calls=1)
    with pytest.raises(BankRefused) as caught:
        await bank.deposit("bob", 30)
    assert caught.value.code == "forbidden"


@pytest.mark.usefixtures("opened")
async def test_an_answer_that_was_lost_without_a_key_doubles(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "bank", "cut", calls=1)
    error = await unavailable(lambda: bank.deposit("bob", 30))
    assert str(error) == "No answer from the bank: the money may have moved, or not."
    assert await moved("bob") == [30]
    assert not (await bank.deposit("bob", 30)).repeated
    assert await moved("bob") == [30, 30]
    assert (await bank.ledger()).missing == -60


@pytest.mark.usefixtures("opened")
async def test_an_answer_that_was_lost_with_a_key_costs_nothing(gateway: RunningGateway, scope: str) -> None:
    await bank.withdraw("alice", 30, key="t1-withdrawal")
    gateway.fault(scope, "bank", "cut", calls=2)
    for _ in range(2):
        await unavailable(lambda: bank.deposit("bob", 30, key="t1-deposit"))
    assert (await bank.deposit("bob", 30, key="t1-deposit")).repeated
    assert await moved("bob") == [30]
    assert (await bank.ledger()).missing == 0


@pytest.mark.usefixtures("opened")
async def test_the_bank_is_down_for_a_while(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "bank", "refuse", seconds=1)
    failed = 0
    while True:
        try:
            await bank.withdraw("alice", 30)
            break
        except BankUnavailable:
            failed += 1
            # The ledger can be read all the same.
            assert await bank.balances() == {"alice": 100, "bob": 0}
            await asyncio.sleep(0.1)
    assert failed >= 2
    assert await moved("alice") == [30]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(("when", "expected"), [("before", []), ("after", [30])])
async def test_a_caller_who_dies_while_held(
    gateway: RunningGateway, scope: str, when: str, expected: list[int]
) -> None:
    fault = gateway.fault(scope, "bank", "delay", when=when)
    caller = socket.create_connection(("127.0.0.1", gateway.port))
    caller.sendall(raw_request("POST", f"/s/{scope}/bank/accounts/bob/deposits", b'{"amount": 30}'))
    gateway.control(scope, "GET", f"faults/{fault}?hits=1&timeout=5")
    # Whoever has waited for the hit of an "after" knows that the money has moved.
    assert await moved("bob") == expected
    caller.close()
    wait_until(lambda: gateway.calls(scope)[0]["status"] != "in_flight")
    gateway.control(scope, "DELETE", "faults")
    await asyncio.sleep(0.05)
    assert await moved("bob") == expected
    call = gateway.calls(scope)[0]
    assert (call["status"], call["http_status"], call["fault"]) == ("failed", None, "delay")


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_held_call_that_is_let_go_completes(gateway: RunningGateway, scope: str, when: str) -> None:
    fault = gateway.fault(scope, "bank", "delay", when=when)
    held = asyncio.create_task(bank.deposit("bob", 30))
    await asyncio.to_thread(gateway.control, scope, "GET", f"faults/{fault}?hits=1&timeout=5")
    assert not held.done()
    await asyncio.to_thread(gateway.control, scope, "DELETE", "faults")
    assert (await held).balance == 30
    gateway.fault(scope, "bank", "delay", delay=0.15, calls=1, when=when)
    began = time.monotonic()
    await bank.deposit("bob", 1)
    assert time.monotonic() - began >= 0.15


@pytest.mark.usefixtures("opened")
async def test_the_meter_counts_what_moves_money(gateway: RunningGateway, scope: str) -> None:
    await bank.balances()
    await bank.ledger()
    await bank.withdraw("alice", 30, key="k")
    await bank.withdraw("alice", 30, key="k")
    with pytest.raises(BankRefused):
        await bank.withdraw("bob", 30)
    gateway.fault(scope, "any", "cut", calls=1)
    await unavailable(lambda: bank.deposit("bob", 30))
    wait_until(lambda: gateway.calls(scope)[-1]["status"] == "cut")
    meter = gateway.meter(scope)
    assert meter["services"] == {"weather": 0, "ip": 0, "geo": 0, "bank": 4, "library": 0}
    assert [(call["status"], call["http_status"], call["summary"]) for call in meter["calls"]] == [
        ("completed", 201, "withdrawal of 30 from alice"),
        ("completed", 201, "withdrawal of 30 from alice, a repeat: moved nothing"),
        ("failed", 422, "refused: insufficient_funds"),
        ("cut", 201, "reply cut off"),
    ]
    first, *_, last = gateway.transcript(scope)
    assert first["request"] == {
        "method": "POST",
        "path": f"/s/{scope}/bank/accounts/alice/withdrawals",
        "query": "",
        "body": '{"amount":30}',
        "idempotency_key": "k",
    }
    assert first["response"]["entry"] == 3
    assert last["request"]["idempotency_key"] == ""
    assert "bank" in show.meter().text()


@pytest.mark.usefixtures("opened")
async def test_the_ledger_as_it_is_shown() -> None:
    await bank.withdraw("alice", 30, key="k")
    assert show.ledger().text().endswith("Money: 100 opened, 70 held: 30 are missing.")
    await bank.deposit("bob", 30)
    assert show.ledger().text() == (
        "Accounts:\n"
        "account  holds\n"
        "alice       70\n"
        "bob         30\n"
        "\n"
        "Ledger:\n"
        "entry  what        account  amount  balance  with a key\n"
        "    1  opened      alice       100      100\n"
        "    2  opened      bob           0        0\n"
        "    3  withdrawal  alice        30       70  yes\n"
        "    4  deposit     bob          30       30  no\n"
        "\n"
        "Money: 100 opened, 100 held: all of it is there."
    )
    html = show.ledger().html()
    assert html.startswith('<section aria-label="Ledger">')
    assert html.count("<caption") == 2
    assert "<p>Money: 100 opened, 100 held: all of it is there.</p>" in html
    assert callable(show.ledger)


def test_a_body_over_the_limit_is_refused_in_the_banks_words(gateway: RunningGateway, scope: str) -> None:
    for path in ("accounts/alice/deposits", "accounts"):  # metered or not
        url = f"{gateway.url}/s/{scope}/bank/{path}"
        reply = gateway.http.post(url, content=b" " * (9 * 1024 * 1024))
        assert (reply.status_code, reply.headers["content-type"]) == (413, "application/problem+json")
        assert set(reply.json()) == {"type", "title", "status", "detail", "code"}
