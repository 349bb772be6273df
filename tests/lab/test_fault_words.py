"""What staged failures do, and that they are named where a result does not come."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.lab.refused import refused
from tests.transfer_bank import Bank
from workshop import lab
from workshop.lab.fault_words import active_faults, effect
from workshop.lab.gateway_client import FaultSpec


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"route": "model", "kind": "server_error"}, "Every model call gets 500 (server error)."),
        ({"route": "geo", "kind": "status", "status": 404, "calls": 1},
         "Every call to the location service gets 404, once."),
        ({"route": "ip", "kind": "cut", "after": 2, "seconds": 3},
         "Every call to the IP address service breaks off in the middle of the reply, after the first 2, for 3 s."),
        ({"route": "bank", "kind": "garbage"}, "Every call to the bank gets a reply that cannot be read."),
        ({"route": "bank", "kind": "delay", "when": "after"},
         "Every call to the bank takes effect, but its reply is held back."),
    ],
)  # fmt: skip
def test_what_faults_do(given: dict[str, Any], text: str) -> None:
    assert effect(FaultSpec.model_validate(given)) == text


async def test_active_faults_are_named_with_the_way_out(hired: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_SCOPE", f"faults-{uuid.uuid4().hex[:8]}")
    assert active_faults() == []
    handle = await hired.start(100)
    with lab.fault("bank", "refuse"), lab.fault("model", "delay", delay=60):
        error, _ = await refused(handle)
        assert str(error).splitlines()[-3:] == [
            "A fault is active: Every call to the bank is refused: the connection closes without a reply.",
            "A fault is active: Every model call is held back for 60 s.",
            "`lab.clear_faults()` ends them.",
        ]
    error, _ = await refused(handle)
    assert "A fault is active" not in str(error)
