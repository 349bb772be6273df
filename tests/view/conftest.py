"""A gateway that tells what a test wants it to."""

from __future__ import annotations

import pytest

from tests.view.model_calls import (
    ToldGateway,
    meter,
)
from workshop.lab.gateway_client import GatewayClient


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> ToldGateway:
    running = {"n": 1, "route": "model", "status": "in_flight"}
    ended = {**running, "status": "completed", "http_status": 200}
    fake = ToldGateway(meter(running, in_flight=1), meter(running, in_flight=1), meter(ended, completed=1))
    monkeypatch.setattr(GatewayClient, "for_scope", classmethod(lambda cls, *_: fake))
    return fake
