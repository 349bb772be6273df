"""The practice bank: what a request moves, what it refuses, and what it keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workshop.practice import bank
from workshop.practice.answer import Answer
from workshop.practice.bank import Bank


def send(vault: Bank, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
    return bank.answer(
        vault, method, path, body if isinstance(body, bytes) else json.dumps(body).encode(), key
    )


def test_what_travels() -> None:
    vault = Bank()
    first, again = (send(vault, "PUT", "/accounts/alice", {"balance": 100}) for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    reply = send(vault, "POST", "/accounts/alice/withdrawals", {"amount": 30}, "k")
    assert (reply.status, reply.content_type) == (201, "application/json")
    assert json.loads(reply.body) == {
        "entry": 3,
        "kind": "withdrawal",
        "account": "alice",
        "amount": 30,
        "balance": 70,
        "repeated": False,
    }
    assert json.loads(send(vault, "GET", "/accounts").body) == {"accounts": {"alice": 70}}
    ledger = json.loads(send(vault, "GET", "/ledger").body)
    assert ledger["entries"][2] == {
        "n": 3,
        "kind": "withdrawal",
        "account": "alice",
        "amount": 30,
        "balance": 70,
        "key": True,
    }
    assert (ledger["opened"], ledger["held"]) == (100, 70)
    assert json.loads(send(vault, "DELETE", "/accounts").body) == {"accounts": {}}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/accounts/alice/withdrawals", {"amount": 101}, 422, "insufficient_funds"),
        ("POST", "/accounts/carol/deposits", {"amount": 1}, 404, "unknown_account"),
        ("POST", "/accounts/a%2Fb/deposits", {"amount": 1}, 404, "unknown_account"),
        *(
            ("POST", "/accounts/alice/deposits", {"amount": amount}, 400, "invalid_amount")
            for amount in (0, -1, 1.5, 30.0, True, "30", None, [], 10**12 + 1)
        ),
        ("POST", "/accounts/alice/deposits", {}, 400, "invalid_amount"),
        ("POST", "/accounts/alice/deposits", b'{"amount": 1', 400, "invalid_json"),
        ("POST", "/accounts/alice/deposits", b'{"amount": NaN}', 400, "invalid_json"),
        ("POST", "/accounts/alice/deposits", b"[" * 100_000, 400, "invalid_json"),
        ("POST", "/accounts/alice/deposits", b"[1]", 400, "invalid_json"),
        ("POST", "/accounts/alice/deposits", b"\xff", 400, "invalid_json"),
        ("PUT", "/accounts/carol", {"balance": -1}, 400, "invalid_amount"),
        ("PUT", "/accounts/carol", {"balance": True}, 400, "invalid_amount"),
        ("PUT", "/accounts/%20", {"balance": 1}, 400, "invalid_name"),
        ("GET", "/accounts/alice/withdrawals", None, 405, "method_not_allowed"),
        ("GET", "/accounts/alice", None, 405, "method_not_allowed"),
        ("POST", "/accounts", {}, 405, "method_not_allowed"),
        ("DELETE", "/ledger", None, 405, "method_not_allowed"),
        ("POST", "/accounts/alice/gifts", {"amount": 1}, 404, "unknown_address"),
        ("GET", "/", None, 404, "unknown_address"),
    ],
)
def test_a_refusal_is_a_problem_document_and_moves_nothing(
    method: str, path: str, body: Any, status: int, code: str
) -> None:
    vault = Bank()
    vault.open("alice", 100)
    reply = send(vault, method, path, body)
    assert (reply.status, reply.content_type) == (status, "application/problem+json")
    assert ("allow" in reply.headers) == (status == 405)
    problem = json.loads(reply.body)
    assert set(problem) == {"type", "title", "status", "detail", "code"}
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"].endswith(".")
    assert vault.accounts() == {"accounts": {"alice": 100}}
    assert len(vault.ledger()["entries"]) == 1


def test_what_it_keeps_is_bounded() -> None:
    vault = Bank()
    vault.open("alice", 10**12)
    for number in range(1_500):
        vault.move("withdrawal", "alice", 1, f"k{number}")
    ledger = vault.ledger()
    assert (len(ledger["entries"]), ledger["entries"][0]["n"], ledger["entries"][-1]["n"]) == (
        1_000,
        502,
        1_501,
    )
    assert ledger["opened"] - ledger["held"] == 1_500
    assert vault.move("withdrawal", "alice", 1, "k1499")["repeated"]
    for number in range(99):
        vault.open(f"a{number}", 0)
    with pytest.raises(bank.Refusal, match="already 100"):
        vault.open("one more", 0)
    assert not vault.open("alice", 1)


@pytest.mark.parametrize(
    ("method", "path", "moves"),
    [
        ("POST", "/accounts/alice/withdrawals", True),
        ("POST", "/accounts/alice/deposits", True),
        ("GET", "/accounts/alice/deposits", False),
        ("POST", "/accounts/alice/gifts", False),
        ("PUT", "/accounts/alice", False),
        ("GET", "/ledger", False),
    ],
)
def test_what_moves_money(method: str, path: str, moves: bool) -> None:
    assert bank.moves_money(method, path) is moves
