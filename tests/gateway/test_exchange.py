"""One call from arrival to end: what counts as completed when the caller is slow, leaves, or wants to."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
from openai import AsyncOpenAI

from tests.gateway.gateway_servers import RunningGateway, raw_request, wait_until
from tests.gateway.request_bodies import GOOD

pytestmark = pytest.mark.usefixtures("scripted_planner")


def test_a_caller_who_never_reads_a_large_reply_is_no_completed_call(
    gateway: RunningGateway, scope: str
) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        large = {**GOOD, "user": "x" * 7_000_000}
        caller.sendall(raw_request("POST", f"/s/{scope}/v1/responses", json.dumps(large).encode()))
        caller.recv(1000)
        wait_until(lambda: gateway.meter(scope)["model"]["arrived"] == 1)
        assert gateway.counts(scope) == (1, 0, 0, 1, 0)
    wait_until(lambda: gateway.meter(scope)["model"]["in_flight"] == 0)
    assert gateway.counts(scope) == (1, 0, 1, 0, 0)
    assert gateway.calls(scope)[0]["status"] == "cut"


def test_a_caller_who_wants_the_connection_closed_is_served_whole(
    gateway: RunningGateway, scope: str
) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as caller:
        body = json.dumps(GOOD).encode()
        caller.sendall(raw_request("POST", f"/s/{scope}/v1/responses", body, "connection: close"))
        pieces = b""
        while piece := caller.recv(65536):
            pieces += piece
    assert pieces.endswith(b"}")
    wait_until(lambda: gateway.counts(scope) == (1, 1, 0, 0, 0))


async def test_many_at_once_do_not_mix(client: AsyncOpenAI) -> None:
    answers = await asyncio.gather(
        *(client.responses.create(model="gpt-5", input=f"say {number}") for number in range(40))
    )
    assert [answer.output_text for answer in answers] == [str(number) for number in range(40)]
