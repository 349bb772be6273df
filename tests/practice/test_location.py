"""The location services: which address the caller has, and where an address is or is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workshop.practice import location
from workshop.practice.location import CALLER


def locate(address: str, **query: str) -> dict[str, Any]:
    reply = location.geolocation(f"/json/{address}", query)
    assert (reply.status, reply.content_type) == (200, "application/json; charset=utf-8")
    return dict(json.loads(reply.body))


def test_the_callers_address() -> None:
    reply = location.own_address()
    assert (reply.status, reply.content_type, reply.body) == (200, "text/plain", f"{CALLER}\n".encode())


@pytest.mark.parametrize(
    ("address", "region"),
    [
        (CALLER, "CO"),
        ("198.51.100.23", "CA"),
        ("198.51.100.77", "NY"),
        ("192.0.2.10", "TX"),
        ("203.0.113.200", "BE"),
        ("8.8.8.8", "VA"),
    ],
)
def test_where_an_address_is(address: str, region: str) -> None:
    body = locate(address)
    assert list(body) == [
        "status",
        "country",
        "countryCode",
        "region",
        "regionName",
        "city",
        "zip",
        "lat",
        "lon",
        "timezone",
        "isp",
        "org",
        "as",
        "query",
    ]
    assert (body["status"], body["region"], body["query"]) == ("success", region, address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nonsense", "invalid query"),
        ("256.1.1.1", "invalid query"),
        ("10.0.0.1", "private range"),
        ("192.168.1.1", "private range"),
        ("127.0.0.1", "reserved range"),
        ("::1", "reserved range"),
        ("224.0.0.1", "reserved range"),
        ("9.9.9.9", "unknown address: the practice world only knows"),
        ("203.0.113.250", "unknown address: the practice world only knows"),
    ],
)
def test_where_an_address_is_not(address: str, message: str) -> None:
    body = locate(address)
    assert (body["status"], body["query"]) == ("fail", address)
    assert body["message"].startswith(message)


def test_geolocation_without_an_address_and_with_fields() -> None:
    assert locate("")["query"] == CALLER
    assert locate(CALLER, fields="status,city") == {"status": "success", "city": "Denver"}
    assert location.geolocation("/xml/8.8.8.8", {}).status == 404
